import { defects } from '../appliance/config.ts'
import { commands } from '../appliance/commands/registry.ts'
import { renderWrapper } from '../appliance/commands/wrapper.ts'
import { renderXml, xmlElement } from '../appliance/configuration/xml-text.ts'
import { configuredMark } from '../appliance/configured-mark.ts'
import { discImport } from './disc-import.ts'
import { describeFirewall, factoryConfigs } from './firewall-config.ts'
import { powerOffTrap, rebootStatus, startAgent } from './first-process.ts'
import type { ImageFile, ImageInput, RenderedImage } from './image.ts'

const importHook = discImport({ disc: '/media/firedrill', conf: '/conf' })

/** The disk of a firewall's template (image `opnsense-<release>` or `pfsense-<release>`): it boots with the factory's configuration, or the one on its CD. */
export function firewallTemplate(image: string): RenderedImage {
  const wrappers = Object.keys(commands).map((name): [string, ImageFile] => {
    return [`/usr/local/sbin/${name}`, { content: renderWrapper(name), mode: 0o755 }]
  })
  return {
    nicPrefix: 'vtnet',
    files: {
      '/conf/config.xml': configFile(productOf(image), factoryConfigs[productOf(image)]),
      '/conf/release': { content: `${image}\n` },
      '/etc/firedrill/boot': { content: boot },
      '/usr/local/etc/rc.syshook.d/early/05-firedrill-config': { content: importHook, mode: 0o755 },
      ...Object.fromEntries(wrappers),
    },
  }
}

/** The template as one node of a topology's pair. Throws when the topology has no pair or a defect is unknown. */
export function renderFirewall(input: ImageInput): RenderedImage {
  const { files, nicPrefix } = firewallTemplate(input.machine.image)
  const unknown = input.defects.find((wanted) => !defects.some((defect) => defect === wanted))
  if (unknown !== undefined) {
    throw new Error(`${input.name}: expected a defect of ${defects.join(', ')}, got ${unknown}`)
  }
  const own = {
    '/conf/config.xml': configFile(productOf(input.machine.image), describeFirewall(input)),
    '/conf/defects.json': { content: `${JSON.stringify(input.defects)}\n` },
  }
  return { nicPrefix, files: { ...files, ...own } }
}

const productOf = (image: string): keyof typeof factoryConfigs =>
  image.startsWith('pfsense-') ? 'pfsense' : 'opnsense'

function configFile(root: string, content: ReturnType<typeof describeFirewall>): ImageFile {
  return { content: renderXml(xmlElement(root, content)), mode: 0o600 }
}

// OPNsense has its host keys beside its configuration.
// sh stays the first process: it reaps orphans, and a machine whose firewall has crashed can still be looked at. It keeps the
// configuration's keys from being missed: nobody is let in before they are in place.
const boot = `# runs as the first process of the firewall
${powerOffTrap(`kill -s TERM "$firewall" && wait "$firewall"; [ "$(cat /run/power-order 2>/dev/null)" != reboot ] || exit ${rebootStatus}`)}
for hook in /usr/local/etc/rc.syshook.d/early/*; do [ ! -x "$hook" ] || "$hook" >>/var/log/boot.log 2>&1; done
/opt/firedrill/bin/node /opt/firedrill/appliance/main.*s >>/var/log/appliance.log 2>&1 &
firewall=$!
case $(cat /conf/release) in opnsense-*) mkdir -p /conf/sshd && cp -p /etc/ssh/ssh_host_* /conf/sshd/ ;; esac
until [ -e ${configuredMark} ] || ! kill -s 0 "$firewall" 2>/dev/null; do sleep 0.02; done
${startAgent}
sh /etc/firedrill/console &
wait
`
