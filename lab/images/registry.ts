import { renderClient } from './client.ts'
import { renderFakeIsp } from './fake-isp.ts'
import { renderFirewall } from './firewall.ts'
import type { RenderImage } from './image.ts'
import { renderTarget } from './target.ts'

/** Images by the pattern that a machine's `image` must match. */
export const images: readonly { pattern: RegExp; render: RenderImage }[] = [
  { pattern: /^fake-isp$/, render: renderFakeIsp },
  { pattern: /^client$/, render: renderClient },
  { pattern: /^opnsense-\d+\.\d+$/, render: renderFirewall },
  { pattern: /^target$/, render: renderTarget },
]
