export { type ProxmoxVe, connectProxmox } from './proxmox.ts'
