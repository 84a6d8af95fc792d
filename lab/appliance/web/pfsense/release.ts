/** What `GET /api/v2/system/version` and the dashboard say of a release; `config` is what a peer must have, too. */
export type PfsenseVersion = { version: string; base: string; patch: string; buildtime: string; config: string }

/** Release profiles, oldest first. */
const versions: Readonly<Record<string, PfsenseVersion>> = {
  '2.7': {
    version: '2.7.2-RELEASE',
    base: '14.0-CURRENT',
    patch: '0',
    buildtime: 'Wed Dec 6 20:10:00 UTC 2023',
    config: '23.3',
  },
  '2.8': {
    version: '2.8.1-RELEASE',
    base: '15.0-CURRENT',
    patch: '0',
    buildtime: 'Thu Aug 28 16:30:00 UTC 2025',
    config: '24.0',
  },
}

/** The version of a release (`2.7`, `2.8.1`); the newest for one that is none. */
export function versionOf(release: string): PfsenseVersion {
  const series = release.split('.').slice(0, 2).join('.')
  const newest = Object.values(versions).at(-1)
  const found = Object.hasOwn(versions, series) ? versions[series] : newest
  return found ?? { version: release, base: '', patch: '', buildtime: '', config: '' }
}
