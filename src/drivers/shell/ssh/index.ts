export { connectSsh } from './ssh-shell.ts'
