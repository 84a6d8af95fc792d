import { type Command, answer } from './command.ts'

/** `OPNsense 25.7-amd64`; with -v only the version. */
export const opnsenseVersion: Command = ({ config }, args) =>
  answer(args.includes('-v') ? `${config.release}\n` : `OPNsense ${config.release}-amd64\n`)
