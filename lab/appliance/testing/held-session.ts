import { connect } from 'node:net'

/** A TCP session held through the pair, for drills: `held-session.ts <host> <seconds>` sends numbered lines, prints the tally. */
const [host = '', seconds = '10'] = process.argv.slice(2)
const pauseMs = 50

const socket = connect(7, host).setNoDelay(true)
let sent = 0
let echoed = 0
let inOrder = true
let pending = ''

socket.on('error', () => undefined)
socket.on('data', (data) => {
  const lines = (pending + data.toString()).split('\n')
  pending = lines.pop() ?? ''
  for (const line of lines) {
    inOrder &&= line === String(echoed)
    echoed += 1
  }
})
const pacer = setInterval(() => {
  socket.write(`${sent}\n`)
  sent += 1
}, pauseMs)
setTimeout(() => clearInterval(pacer), Number(seconds) * 1000)
setTimeout(
  () => {
    process.stdout.write(`${JSON.stringify({ complete: sent > 0 && echoed === sent, inOrder })}\n`)
    socket.destroy()
  },
  Number(seconds) * 1000 + 2000,
)
