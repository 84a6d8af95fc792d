import { isMetricName, isToldOfPair, metricKinds } from '../model/metric.ts'
import type { DocumentPath, Mistake } from './mistake.ts'
import { unknownName } from './nearest.ts'
import { get, list } from './raw-data.ts'
import type { Known } from './references.ts'

/** The stream of what is told of all packet streams together, and of the roles. */
export const pair = 'pair'

/** Names in what a raw scenario expects and what its sources claim that refer to nothing: steps, metrics, streams, units. */
export function judgementMistakes(data: unknown, known: Pick<Known, 'streamClasses' | 'vhids'>): Mistake[] {
  const steps = list(get(data, 'steps')).map((step) => String(get(step, 'name')))
  return ['expect', 'claims'].flatMap((list_) =>
    list(get(data, list_)).flatMap((use, index) => {
      const path = [list_, index]
      return [
        ...metricMistakes(get(use, 'metric'), steps, [...path, 'metric']),
        ...streamMistakes(get(use, 'stream'), get(use, 'metric'), known, [...path, 'stream']),
        ...unitMistakes(use, path),
      ]
    }),
  )
}

function metricMistakes(given: unknown, steps: string[], path: DocumentPath): Mistake[] {
  if (typeof given !== 'string') return []
  const [step = '', metric = ''] = given.split('.')
  const valid = Object.keys(metricKinds)
  const isOfAll = step === wholeRun && isMetricName(metric) && metricKinds[metric].of === 'roles'
  return [
    ...(steps.includes(step) || isOfAll
      ? []
      : [{ path, at: 'value' as const, message: unknownName('a step of this scenario before the dot', step, steps) }]),
    ...(isMetricName(metric)
      ? []
      : [{ path, at: 'value' as const, message: unknownName('a metric after the dot', metric, valid) }]),
  ]
}

/** Roles are measured over the whole run, too. */
const wholeRun = 'whole-run'
/** Roles are those of the pair, or of one VHID where there are several; null where nobody knows which there are. */
const roleStreams = (vhids: Known['vhids']): string[] | null =>
  vhids === null || vhids === undefined
    ? null
    : [pair, ...(new Set(vhids).size > 1 ? vhids.map((vhid) => `vhid-${vhid}`) : [])]
const roleStream = /^(pair|vhid-\d{1,3})$/

function streamMistakes(
  given: unknown,
  metricPath: unknown,
  { streamClasses, vhids }: Pick<Known, 'streamClasses' | 'vhids'>,
  path: DocumentPath,
): Mistake[] {
  if (typeof given !== 'string') return []
  const name = typeof metricPath === 'string' ? (metricPath.split('.')[1] ?? '') : ''
  if (isMetricName(name) && metricKinds[name].of === 'roles') {
    const streams = roleStreams(vhids)
    const message = `expected ${streams?.join(' or ') ?? 'pair, or one VHID like vhid-1,'} for ${name}, got "${given}"`
    return (streams?.includes(given) ?? roleStream.test(given)) ? [] : [{ path, at: 'value', message }]
  }
  if (isMetricName(name) && given === pair && isToldOfPair(name)) return []
  if (isMetricName(name) && metricKinds[name].of === 'pair')
    return [
      {
        path,
        at: 'value',
        message: `expected pair for ${name}, which is told of both firewalls together, got "${given}"`,
      },
    ]
  const streamClass = Object.hasOwn(streamClasses, given) ? streamClasses[given] : undefined
  if (streamClass === undefined) {
    return [{ path, at: 'value', message: unknownName('a probe of this scenario', given, Object.keys(streamClasses)) }]
  }
  if (!isMetricName(name) || metricKinds[name].of === streamClass) return []
  const message = `expected a probe of ${metricKinds[name].of} for ${name}, got "${given}", which is one of ${streamClass}`
  return [{ path, at: 'value', message }]
}

function unitMistakes(use: unknown, path: DocumentPath): Mistake[] {
  const metric = String(get(use, 'metric')).split('.')[1] ?? ''
  if (!isMetricName(metric)) return []
  const { unit } = metricKinds[metric]
  return ['min', 'max'].flatMap((bound) => {
    const given = get(use, bound)
    const wanted = unit === 'ms' ? 'string' : 'number'
    if ((typeof given !== 'string' && typeof given !== 'number') || typeof given === wanted) return []
    const expected = unit === 'ms' ? 'a duration with its unit, like 4500ms' : 'a number without a unit'
    return [
      {
        path: [...path, bound],
        at: 'value' as const,
        message: `expected ${expected} for ${metric}, got ${JSON.stringify(given)}`,
      },
    ]
  })
}
