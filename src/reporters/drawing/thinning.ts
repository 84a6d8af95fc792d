import type { ClassifiedProbe } from '../../model/packet-trace.ts'
import type { View } from './view.ts'

/** Up to so many probes of a stream a drawing shows every one. */
const most = 4000

/** How many columns a drawing is cut into when dots are thinned: about two pixels each. */
const columns = 400

/**
 * The probes that a drawing shows. Every impaired probe stays, and so do its two healthy neighbours, which bracket the outage.
 * Of the other healthy ones each column of the drawing keeps the quickest and the slowest, so that the outline stays true,
 * and of the rest every n-th stays, so that about `most` are drawn.
 */
export function thinned(probes: readonly ClassifiedProbe[], view: View): ClassifiedProbe[] {
  const visible = probes.filter(({ atMs }) => atMs >= view.fromMs && atMs <= view.toMs)
  if (visible.length <= most) return visible
  const extremes = extremesByColumn(visible, view)
  const nth = Math.ceil(visible.length / (most - 2 * columns))
  const isNearImpaired = (index: number): boolean =>
    [index - 1, index, index + 1].some((near) => isImpaired(visible[near]))
  return visible.filter((probe, index) => index % nth === 0 || extremes.has(probe) || isNearImpaired(index))
}

function extremesByColumn(probes: readonly ClassifiedProbe[], view: View): Set<ClassifiedProbe> {
  const width = (view.toMs - view.fromMs) / columns
  const healthy = probes.filter((probe) => !isImpaired(probe))
  const byColumn = Map.groupBy(healthy, (probe) => Math.floor((probe.atMs - view.fromMs) / width))
  return new Set([...byColumn.values()].flatMap((column) => [column.reduce(quicker), column.reduce(slower)]))
}

const isImpaired = (probe: ClassifiedProbe | undefined): boolean => probe !== undefined && probe.class !== 'ok'

const quicker = (left: ClassifiedProbe, right: ClassifiedProbe): ClassifiedProbe =>
  (right.rttMs ?? 0) < (left.rttMs ?? 0) ? right : left

const slower = (left: ClassifiedProbe, right: ClassifiedProbe): ClassifiedProbe =>
  (right.rttMs ?? 0) > (left.rttMs ?? 0) ? right : left
