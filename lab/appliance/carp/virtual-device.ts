/**
 * The macvlan that holds a VHID's addresses and its virtual MAC: `carp1.0` for VHID 1 on vtnet0. A VHID's number may be in
 * use on several NICs.
 */
export function virtualDevice({ vhid, device }: { vhid: number; device: string }): string {
  return `carp${vhid}.${device.replace(/\D+/, '')}`
}
