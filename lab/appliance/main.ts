import { readFileSync } from 'node:fs'
import { readConfig } from './config.ts'
import { startFirewall } from './firewall.ts'

await startFirewall(readConfig(readFileSync('/conf/appliance.json', 'utf8')))
