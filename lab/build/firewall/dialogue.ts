/** One turn at a serial console: what has to appear, what is typed then, and how long it may take. */
export interface Turn {
  /** A Tcl regular expression. */
  waitFor: string
  /** Typed as it is; `\\r` is the return key, `\\033` escape. */
  type: string
  seconds: number
}

/** The shell's prompt of root once `shellTurns` have run: unlike anything that a menu prints. */
const prompt = 'firedrill-build> '

/** A dialogue as an `expect` script on the console of a VM. It fails with the turn that did not come. */
export function expectScript(vmid: number, turns: readonly Turn[]): string {
  const body = turns.map(
    ({ waitFor, type, seconds }, index) => `set timeout ${seconds}
expect {
  -re ${braced(waitFor)} {}
  timeout { puts stderr "turn ${index + 1}: the console did not show ${quotable(waitFor)} within ${seconds} s"; exit 1 }
  eof { puts stderr "turn ${index + 1}: the console was closed before ${quotable(waitFor)}"; exit 1 }
}
send -- "${type.replaceAll('"', '\\"').replaceAll('$', '\\$').replaceAll('[', '\\[')}"
after 300`,
  )
  return [
    '#!/usr/bin/expect -f',
    `spawn qm terminal ${vmid} -iface serial0`,
    'expect -re {starting serial terminal}',
    ...body,
    '',
  ].join('\n')
}

/** From a shell of root, whatever it is: plain `sh` with a prompt of our own, which the echo of the command does not show. */
export const shellTurns: readonly Turn[] = [
  { waitFor: '[#%] $', type: 'exec env PS1="firedrill""-build> " /bin/sh\\r', seconds: 30 },
]

/** Commands typed at the shell, each one waited for. */
export const commandTurns = (commands: readonly string[], seconds = 60): Turn[] =>
  commands.map((command) => ({ waitFor: `${prompt}$`, type: `${command}\\r`, seconds }))

/** A file typed at the shell in pieces that a console takes, checked at the end: a console may drop what comes too fast. */
export function fileTurns(path: string, content: string, mode: string): Turn[] {
  const encoded = Buffer.from(content).toString('base64')
  const pieces = encoded.match(/.{1,200}/g) ?? []
  const folder = path.slice(0, path.lastIndexOf('/'))
  return commandTurns([
    `mkdir -p ${folder} && : >/tmp/firedrill.b64`,
    ...pieces.map((piece) => `echo ${piece} >>/tmp/firedrill.b64`),
    `b64decode -r /tmp/firedrill.b64 >${path} && chmod ${mode} ${path} || echo failed`,
    `[ $(wc -c <${path}) -eq ${Buffer.byteLength(content)} ] || exit 1`,
  ])
}

const braced = (text: string): string => `{${text}}`

const quotable = (text: string): string => text.replaceAll(/["$[\]\\]/g, '.')
