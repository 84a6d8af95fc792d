export { connectWebGui } from './web-gui.ts'
export type { WebGuiAccess } from './web-gui.ts'
