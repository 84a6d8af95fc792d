import { readFileSync, readdirSync, readlinkSync } from 'node:fs'

/**
 * The file descriptor of a UDP socket of this process, found by its port; null where there is none. Linux: the kernel's table of sockets names
 * the inode, and the process's own table the descriptor.
 * @param {'udp4' | 'udp6'} type
 * @param {number} port
 * @returns {number | null}
 */
export function fdOfPort(type, port) {
  const inode = inodeOfPort(readFileSync(`/proc/self/net/${type === 'udp4' ? 'udp' : 'udp6'}`, 'utf8'), port)
  if (inode === null) return null
  const fd = readdirSync('/proc/self/fd').find((name) => linkOf(name) === `socket:[${inode}]`)
  return fd === undefined ? null : Number(fd)
}

/**
 * @param {string} table
 * @param {number} port
 */
function inodeOfPort(table, port) {
  const local = port.toString(16).toUpperCase().padStart(4, '0')
  const row = table.split('\n').find((line) => line.trim().split(/\s+/)[1]?.endsWith(`:${local}`))
  return row?.trim().split(/\s+/)[9] ?? null
}

/** @param {string} fd */
function linkOf(fd) {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return '' // Closed meanwhile.
  }
}
