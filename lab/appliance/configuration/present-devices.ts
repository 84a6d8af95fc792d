import type { ReadConfig } from './config-xml.ts'

/** Leaves out what a configuration wants of NICs that this machine does not have, and tells of each. */
export function onPresentDevices({ config, complaints }: ReadConfig, present: readonly string[]): ReadConfig {
  const { pfsync, ...rest } = config
  const has = ({ device }: { device: string }): boolean => present.includes(device)
  const missing = config.interfaces.filter((each) => !has(each))
  return {
    config: {
      ...rest,
      interfaces: config.interfaces.filter(has),
      vips: config.vips.filter(has),
      ...(pfsync !== undefined && has(pfsync) && { pfsync }),
    },
    complaints: [
      ...complaints,
      ...missing.map(({ key, device }) => `interfaces.${key}.if: no NIC ${device} in this machine`),
    ],
  }
}
