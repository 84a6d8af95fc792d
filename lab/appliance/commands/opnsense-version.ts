import { type Command, answer, refuse } from './command.ts'

/** `OPNsense 25.7-amd64`; with -v only the version. */
export const opnsenseVersion: Command = ({ config }, args) => {
  if (config.flavour !== 'opnsense') return refuse('opnsense-version: Command not found.\n', 127)
  return answer(args.includes('-v') ? `${config.release}\n` : `OPNsense ${config.release}-amd64\n`)
}
