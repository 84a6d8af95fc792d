import { clientTemplate, renderClient } from './client.ts'
import { fakeIspTemplate, renderFakeIsp } from './fake-isp.ts'
import { firewallTemplate, renderFirewall } from './firewall.ts'
import type { Image } from './image.ts'
import { renderTarget, targetTemplate } from './target.ts'
import { renderVpnEndpoint, vpnEndpointTemplate } from './vpn-endpoint.ts'

/** Images by the pattern that a machine's `image` must match. */
export const images: readonly Image[] = [
  { pattern: /^fake-isp$/, names: ['fake-isp'], template: fakeIspTemplate, render: renderFakeIsp },
  { pattern: /^client$/, names: ['client'], template: clientTemplate, render: renderClient },
  { pattern: /^target$/, names: ['target'], template: targetTemplate, render: renderTarget },
  {
    pattern: /^(opnsense|pfsense)-\d+\.\d+$/,
    names: [
      ...['24.7', '25.1', '25.7', '26.1', '26.7'].map((release) => `opnsense-${release}`),
      ...['2.7', '2.8'].map((release) => `pfsense-${release}`),
    ],
    template: firewallTemplate,
    render: renderFirewall,
  },
  { pattern: /^vpn-endpoint$/, names: ['vpn-endpoint'], template: vpnEndpointTemplate, render: renderVpnEndpoint },
]

/** The templates that a hypervisor of the lab offers from the start: image name to its disk, nothing of a topology in it. */
export const templates: ReadonlyMap<string, Image['template']> = new Map(
  images.flatMap(({ names, template }) => names.map((name): [string, Image['template']] => [name, template])),
)
