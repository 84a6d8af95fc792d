import { type Command, answer, refuse } from './command.ts'

/** `pfSense-upgrade -c` of pfSense: there is never an update here, and so none is ever carried out. */
export const pfsenseUpgrade: Command = ({ config }, args) => {
  if (config.flavour !== 'pfsense') return refuse('pfSense-upgrade: Command not found.\n', 127)
  if (args.includes('-c') || args.includes('-y')) return answer('Your system is up to date\n')
  return refuse(`pfSense-upgrade: expected -c or -y, got ${args.join(' ')}\n`)
}
