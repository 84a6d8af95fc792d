/** Hash of `secret`. */
const hash = '$6$firedrill$xIYXWuttSzq4neTDky8WAWAefj3k1soCO4EzysHEw2SN4/mcOKrQPFMU7KvytZmVEnDT5ZHnkmU.xwG0G9fH61'

/** Credentials of the fake: all pages, only the CARP status, reading only. */
export const keys = { all: 'root-key:secret', carp: 'carp-key:secret', reader: 'reader-key:secret' }

const users = `
  <group><name>watchers</name><member>2000</member><priv>page-status-carp</priv></group>
  <user><name>root</name><uid>0</uid><password>${hash}</password>
    <apikeys><item><key>root-key</key><secret>${hash}</secret></item></apikeys></user>
  <user><name>watcher</name><uid>2000</uid><password>${hash}</password><priv>api-v2-status-carp-get</priv>
    <apikeys><item><key>carp-key</key><secret>${hash}</secret></item></apikeys></user>
  <user><name>reader</name><uid>2001</uid><password>${hash}</password><priv>page-all,user-config-readonly</priv>
    <apikeys><item><key>reader-key</key><secret>${hash}</secret></item></apikeys></user>`

/** What is in `/conf/config.xml`: these accounts, one VIP, state sync. */
export const configText = `<config><revision><time>1795237200</time></revision><system>${users}</system>
<virtualip><vip><interface>lan</interface><mode>carp</mode><subnet>192.168.1.254</subnet><subnet_bits>24</subnet_bits>
<vhid>1</vhid><advbase>1</advbase><advskew>0</advskew><uniqid>a1</uniqid><descr>LAN VIP</descr></vip></virtualip>
<hasync><pfsyncinterface>opt1</pfsyncinterface><pfsyncpeerip>10.0.0.2</pfsyncpeerip></hasync></config>`
