import type { RefusalKind } from '../../../../ports/hypervisor.ts'

/** What a text of the server means, and what to do about it. */
export interface Meaning {
  kind: RefusalKind
  hint?: string
}

interface KnownText extends Meaning {
  pattern: RegExp
}

/** The server says most refusals with status 500, so the text alone tells them apart. First match wins. */
const knownTexts: readonly KnownText[] = [
  {
    pattern:
      /Configuration file 'nodes\/.+\/(qemu-server|lxc)\/\d+\.conf' does not exist|unable to find configuration file for VM/,
    kind: 'vm-missing',
    hint: 'is the VM there, and on that node? `qm list` on the node tells',
  },
  {
    pattern: /(VM|CT) \d+ already exists|config file already exists/,
    kind: 'vmid-taken',
    hint: 'another VM has this VMID: set `firstVmid` in the target file to a free range, or use another --instance',
  },
  {
    pattern: /VM is locked( \(\S+\))?|can't lock file '.+'/,
    kind: 'locked',
    hint: 'another operation holds the VM; a lock that a crashed one left is removed with `qm unlock VMID` on the node',
  },
  {
    pattern: /cluster not ready - no quorum|unable to open file '\/etc\/pve\/.+' - Permission denied|no quorum/,
    kind: 'no-quorum',
    hint: 'the cluster has lost its quorum and refuses every change; bring its nodes back (`pvecm status`)',
  },
  {
    pattern: /got lock request timeout|cfs-lock '.+' error/,
    kind: 'cluster-lock',
    hint: 'somebody else changes the same cluster-wide file; try again',
  },
  {
    pattern: /invalid lock token provided|configuration is already locked/,
    kind: 'sdn-lock',
    hint: 'somebody holds the SDN lock; one that a crashed program left is removed with `pvesh delete /cluster/sdn/lock --force 1`',
  },
  {
    pattern: /pending (SDN )?(configuration )?changes|has pending/i,
    kind: 'sdn-pending',
    hint: 'apply or revert the pending SDN changes first (Datacenter > SDN)',
  },
  { pattern: /VM \d+ is running - destroy failed/, kind: 'still-running', hint: 'stop it first' },
  {
    pattern: /can't remove VM \d+ - protection mode enabled/,
    kind: 'protected',
    hint: 'somebody protected it on purpose (`protection: 1`)',
  },
  { pattern: /VM \d+ already running/, kind: 'already-running' },
  { pattern: /you can't start a vm if it's a template/, kind: 'is-template', hint: 'a template cannot run; clone it' },
  { pattern: /VM is paused - cannot shutdown/, kind: 'paused', hint: 'resume the VM first, or stop it' },
  {
    pattern: /VM quit\/powerdown failed/,
    kind: 'guest-refused',
    hint: 'the guest did not power off in time: no agent, no ACPI, or hung',
  },
  {
    pattern: /(bridge '.+'|interface \S+) does not exist/,
    kind: 'bridge-missing',
    hint: 'is the network applied on this node? A NIC moved to a missing bridge is detached: move it to an existing one and back, or restart the VM',
  },
  {
    pattern: /hotplug problem - /,
    kind: 'hotplug',
    hint: 'the running VM did not take the change over; restarting it does',
  },
  {
    pattern: /QEMU guest agent is not running|No QEMU guest agent configured|VM \d+ is not running/,
    kind: 'agent-missing',
    hint: 'is the agent installed and running in the guest, and `agent=enabled=1` set before its last cold start?',
  },
  { pattern: /VM \d+ not running/, kind: 'not-running', hint: 'start the VM first' },
  {
    pattern: /hostname lookup '.+' failed|no such cluster node '.+'/,
    kind: 'wrong-node',
    hint: 'set `node` in the target file to the short name of a node, as `pvecm nodes` shows it',
  },
  {
    pattern: /checksum mismatch \(file change by other user\?\)|detected modified configuration/,
    kind: 'digest-mismatch',
    hint: 'somebody else edited it at the same moment; try again',
  },
  { pattern: /pool '.+' already exists/, kind: 'pool-taken', hint: 'another run has it' },
  { pattern: /no such pool '|pool '.+' does not exist/, kind: 'pool-missing' },
  {
    pattern: /unable to connect to VM \d+ \S+ socket|got timeout/,
    kind: 'hypervisor-silent',
    hint: "the VM's QEMU process does not answer; is the node overloaded, or its storage gone?",
  },
]

const statuses: Readonly<Record<number, Meaning>> = {
  400: { kind: 'invalid-parameter' },
  401: {
    kind: 'unauthenticated',
    hint: 'check the token (USER@REALM!ID=UUID) or the password: right, not expired, its user enabled?',
  },
  403: { kind: 'forbidden', hint: 'the token lacks this right; with privsep=1 it must be granted to the token itself' },
  501: {
    kind: 'unknown-call',
    hint: 'the server does not know this call; is it a Proxmox VE of version 8.4 or later?',
  },
  595: {
    kind: 'node-unreachable',
    hint: 'the node is unreachable from the one asked; is the short node name right, is it up?',
  },
  596: { kind: 'lost-reply', hint: 'no answer within 30 s; the operation may still be executed' },
  597: { kind: 'lost-reply', hint: 'the reply broke off between the nodes; the operation may have been executed' },
  599: { kind: 'lost-reply', hint: 'the connection between the nodes broke; the operation may have been executed' },
  502: { kind: 'lost-reply', hint: 'a proxy in front of the API lost its reply; the operation may have been executed' },
  504: {
    kind: 'lost-reply',
    hint: 'a proxy in front of the API waited too long; the operation may have been executed',
  },
}

/** What a text of a refusal or of a failed task means; undefined where it is not known. */
export const meaningOf = (text: string): Meaning | undefined => knownTexts.find(({ pattern }) => pattern.test(text))

/** What a status alone means. A redirect comes from a port that speaks no TLS, or from a proxy. */
export function meaningOfStatus(status: number): Meaning | undefined {
  if (status >= 300 && status < 400)
    return { kind: 'unknown-call', hint: 'the server redirects; set `url` to the API itself, https://HOST:8006' }
  return statuses[status]
}
