import type { Defect, SystemConfig, VipConfig } from '../config.ts'

/**
 * The configuration of a node that was born with defects: `equal-skew` (the backup advertises as often as the primary) and
 * `vip-list-differs` (the first VHID has one address more than on the peer, so that neither believes the other).
 */
export function bornBroken(config: SystemConfig, defects: readonly Defect[]): SystemConfig {
  const skewed = defects.includes('equal-skew') ? config.vips.map((vip) => ({ ...vip, advskew: 0 })) : config.vips
  return { ...config, vips: defects.includes('vip-list-differs') ? [...skewed, ...strayOf(skewed)] : skewed }
}

function strayOf([first]: readonly VipConfig[]): VipConfig[] {
  if (first === undefined) return []
  const stray = strayAddress(first.address.split('/')[0] ?? '')
  return [{ ...first, mode: 'ipalias', address: stray, description: 'left from an earlier change' }]
}

function strayAddress(address: string): string {
  const [, head = '', last = ''] = /^(.*[.:])([^.:]*)$/.exec(address) ?? []
  if (address.includes(':')) return `${head}${(Number.parseInt(last || '0', 16) ^ 0x1000).toString(16)}/128`
  const number = Number(last)
  return `${head}${number < 128 ? number + 100 : number - 100}/32`
}
