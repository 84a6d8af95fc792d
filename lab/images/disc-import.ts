/**
 * The early boot hook of a firewall template: takes CONFIG.XML from the folder `disc` to `<conf>/config.xml`, once per content.
 * What is changed on the firewall afterwards stays, until a disc with something else is put in.
 */
export function discImport({ disc, conf }: { disc: string; conf: string }): string {
  return `#!/bin/sh
# takes the configuration from the CD labelled FIREDRILL, once per checksum, before it is read
set -eu
disc=${disc}/CONFIG.XML
mark=${conf}/firedrill-config.sha256
[ -f "$disc" ] || exit 0
sum=$(sha256sum <"$disc")
[ "$sum" != "$(cat "$mark" 2>/dev/null)" ] || exit 0
install -m 600 "$disc" ${conf}/config.xml.new
mv ${conf}/config.xml.new ${conf}/config.xml
echo "$sum" >"$mark"
echo "configuration taken from the CD, SHA-256 \${sum%% *}"
`
}
