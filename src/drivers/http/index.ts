/** HTTP as the drivers speak it: undici behind connections that show their certificate before they hear a request. */
export { FormData, type Dispatcher } from 'undici'
export { openConnections } from './connections.ts'
export { stampSend } from './send-stamp.ts'
