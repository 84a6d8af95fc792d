/** What differs between OPNsense's releases, and the release that brought (`since`) or took it (`until`). */
const differences = {
  /** JSON bodies of calls with a key are read (core#7645). */
  jsonBodies: { since: '24.7.1' },
  hasyncStatus: { since: '25.1' },
  /** Tables are Tabulator's, no longer jQuery bootgrid's. */
  tabulator: { since: '25.7' },
  dnsmasqLeases: { since: '25.7' },
  keaLeases6: { since: '25.7' },
  pfsyncDefer: { since: '25.7.5' },
  /** The ISC DHCP server is part of the core. */
  iscDhcp: { until: '26.1' },
  /** The privilege for CARP's status page covers `carp_status/<verb>`. */
  carpStatusVerbs: { since: '26.1.11' },
  /** A UserException has a status of its own instead of 500. */
  errorStatus: { since: '26.7' },
  pfsync1500: { since: '26.7.3' },
} satisfies Record<string, { since?: string; until?: string }>

/** Something that not every release has. */
export type Feature = keyof typeof differences

/** Release profiles, oldest first. */
const profiles = {
  '24.7': { name: 'Thriving Tiger', kernel: '14.1-RELEASE-p3', openssl: '3.0.14' },
  '25.1': { name: 'Ultimate Unicorn', kernel: '14.2-RELEASE', openssl: '3.0.15' },
  '25.7': { name: 'Visionary Viper', kernel: '14.3-RELEASE-p1', openssl: '3.0.17' },
  '26.1': { name: 'Witty Woodpecker', kernel: '14.3-RELEASE-p7', openssl: '3.0.18' },
  '26.7': { name: 'Xtra', kernel: '15.1-RELEASE', openssl: '3.5.4' },
}

/** What a release is built of. */
export type Profile = { series: string; name: string; kernel: string; openssl: string }

/** Whether a release (`25.7`, `26.1.11`) has the feature. A release of no number has what the newest has. */
export function hasFeature(release: string, feature: Feature): boolean {
  const { since, until }: { since?: string; until?: string } = differences[feature]
  const isNewEnough = since === undefined || compareReleases(release, since) >= 0
  return isNewEnough && (until === undefined || compareReleases(release, until) < 0)
}

/** The profile of a release's series; the newest for a series that is none. */
export function profileOf(release: string): Profile {
  const series = release.split('.').slice(0, 2).join('.')
  const found = Object.entries(profiles).find(([name]) => name === series) ?? Object.entries(profiles).at(-1)
  return { series, ...(found?.[1] ?? profiles['26.7']) }
}

/** The series after a release's; undefined for the last one. */
export function nextSeries(release: string): string | undefined {
  return Object.keys(profiles).find((series) => compareReleases(series, profileOf(release).series) > 0)
}

function compareReleases(one: string, other: string): number {
  const [a, b] = [one, other].map((text) => text.split('.').map(Number))
  for (let at = 0; at < 3; at += 1) {
    const [left, right] = [a?.[at] ?? 0, b?.[at] ?? 0]
    if (left !== right) return left < right ? -1 : 1
  }
  return 0
}
