import { expect, it } from 'vitest'
import { parseXml } from '../configuration/xml.ts'
import { sectionsToSend } from './config-sync.ts'

const body = `<filter><rule><type>pass</type></rule><rule><type>block</type></rule></filter>
<virtualip><vip><mode>carp</mode><vhid>1</vhid><advskew>0</advskew></vip>
<vip><mode>carp</mode><vhid>2</vhid><advskew>200</advskew></vip>
<vip><mode>ipalias</mode><advskew></advskew></vip><vip><mode>carp</mode><nosync>1</nosync></vip></virtualip>`

it('OPNsense sends what it lists, pfSense what is switched on', () => {
  const listed = `<opnsense>${body}<hasync><syncitems>rules,users</syncitems></hasync></opnsense>`
  const switched = `<pfsense>${body}<hasync><synchronizetoip>10.0.0.2</synchronizetoip><synchronizerules>on</synchronizerules></hasync></pfsense>`
  const wanted = { filter: { rule: [{ type: 'pass' }, { type: 'block' }] } }
  expect(sectionsToSend(parseXml(listed))).toEqual(wanted)
  expect(sectionsToSend(parseXml(switched))).toEqual(wanted)
})

it('CARP addresses get 100 more, 254 at most; aliases stay, and what is not to be synced stays here', () => {
  const root = parseXml(`<opnsense>${body}<hasync><syncitems>virtualip</syncitems></hasync></opnsense>`)
  expect(sectionsToSend(root)['virtualip']).toEqual({
    vip: [
      { mode: 'carp', vhid: '1', advskew: '100' },
      { mode: 'carp', vhid: '2', advskew: '254' },
      { mode: 'ipalias', advskew: '' },
    ],
  })
})
