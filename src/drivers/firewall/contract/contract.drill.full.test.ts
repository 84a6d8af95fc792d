import { contractFor } from './suite.fixture.ts'
import { overRest, overSsh, overWebGui } from './ways-in.fixture.ts'

const others = ['opnsense-24.7', 'opnsense-25.1', 'opnsense-26.1', 'opnsense-26.7', 'pfsense-2.7']

for (const image of others) contractFor(image, { SSH: overSsh, REST: overRest, WebGUI: overWebGui })
