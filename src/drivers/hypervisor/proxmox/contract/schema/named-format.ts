/** The validators that the schema names, as far as they are known; a list format is its element's, separated. */
const formats: Readonly<Record<string, RegExp>> = {
  'pve-vmid': /^[1-9][0-9]{2,8}$/,
  'pve-node': /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/,
  'pve-configid': /^[a-zA-Z][a-zA-Z0-9_-]+$/,
  'pve-storage-id': /^[a-zA-Z][a-zA-Z0-9\-_.]*[a-zA-Z0-9]$/,
  'pve-bridge-id': /^[-_.\w]+$/,
  'mac-addr': /^[a-f0-9][02468ace](:[a-f0-9]{2}){5}$/i,
  'pve-sdn-zone-id': /^[a-zA-Z][a-zA-Z0-9]{0,6}[a-zA-Z0-9]$/,
  'pve-sdn-vnet-id': /^[a-zA-Z][a-zA-Z0-9]{0,6}[a-zA-Z0-9]$/,
  urlencoded: /^[-%a-zA-Z0-9_.!~*'()]*$/,
  'disk-size': /^\d+(\.\d+)?[KMGT]?$/,
  'dns-name': /^([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?\.)*[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/,
  'pve-poolid': /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+){0,2}$/,
  'pve-tag': /^[a-zA-Z0-9_][a-zA-Z0-9_+.-]*$/,
  'pve-volume-id-or-qm-path': /^(none|cdrom|\/.+|[a-zA-Z][a-zA-Z0-9\-_.]*[a-zA-Z0-9]:.+)$/,
  'pve-priv': /^[A-Z][A-Za-z.]+$/,
}

/** Whether a text passes a named validator; one that is not known passes everything. */
export function passes(format: string, text: string): boolean {
  const element = format.endsWith('-list') ? formats[format.slice(0, -'-list'.length)] : undefined
  if (element !== undefined) return text.split(/[,; \0]+/).every((part) => part === '' || element.test(part))
  return formats[format]?.test(text) ?? true
}
