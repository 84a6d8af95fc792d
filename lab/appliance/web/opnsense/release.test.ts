import { expect, it } from 'vitest'
import { hasFeature, nextSeries, profileOf, type Feature } from './release.ts'

const releases = ['24.7', '24.7.1', '25.1', '25.7', '25.7.5', '26.1', '26.1.10', '26.1.11', '26.7']

it.each<[Feature, string[]]>([
  ['jsonBodies', releases.slice(1)],
  ['hasyncStatus', releases.slice(2)],
  ['tabulator', releases.slice(3)],
  ['dnsmasqLeases', releases.slice(3)],
  ['keaLeases6', releases.slice(3)],
  ['pfsyncDefer', releases.slice(4)],
  ['iscDhcp', releases.slice(0, 5)],
  ['carpStatusVerbs', ['26.1.11', '26.7']],
  ['errorStatus', ['26.7']],
])('%s is there in %j', (feature, wanted) => {
  expect(releases.filter((release) => hasFeature(release, feature))).toEqual(wanted)
})

it('each series has a next one but the last', () => {
  expect(['24.7', '25.1', '25.7.5', '26.1', '26.7'].map(nextSeries)).toEqual([
    '25.1',
    '25.7',
    '26.1',
    '26.7',
    undefined,
  ])
  expect(profileOf('25.7.5')).toMatchObject({ series: '25.7', kernel: '14.3-RELEASE-p1' })
})
