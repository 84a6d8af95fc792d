import { contractFor } from './suite.fixture.ts'
import { overRest, overSsh, overWebGui } from './ways-in.fixture.ts'

for (const image of ['opnsense-25.7', 'pfsense-2.8'])
  contractFor(image, { SSH: overSsh, REST: overRest, WebGUI: overWebGui })
