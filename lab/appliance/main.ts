import { readFileSync } from 'node:fs'
import { startFirewall } from './firewall.ts'
import type { ApplianceConfig } from './config.ts'

const config: ApplianceConfig = JSON.parse(readFileSync('/conf/appliance.json', 'utf8'))
await startFirewall(config)
