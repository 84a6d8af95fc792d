import { versionOf } from '../pfsense/release.ts'
import { callPeer, type Peer } from './client.ts'

/** Throws where the peer's configuration is of another version than this node's: pfSense does not sync between them. */
export async function refuseOtherVersion(peer: Peer, release: string): Promise<void> {
  const own = versionOf(release).config
  const told = await callPeer(peer, 'pfsense.host_firmware_version')
  const theirs = typeof told === 'object' && 'config_version' in told ? told['config_version'] : undefined
  if (theirs === own) return
  throw new Error(
    'The other member is on a different configuration version of pfSense. Sync will not be done to prevent problems!',
  )
}
