import type { ClassifiedProbe } from '../../model/result.ts'
import type { View } from './view.ts'

/** How many columns a drawing is cut into when dots are thinned: about two pixels each. */
export const columns = 400

/**
 * The probes that a drawing shows. Every impaired probe stays, and so do its two healthy neighbours, which bracket the outage.
 * Of the other healthy ones each column of the drawing keeps the quickest and the slowest, so that the outline stays true.
 */
export function thinned(probes: readonly ClassifiedProbe[], view: View): ClassifiedProbe[] {
  const visible = probes.filter(({ atMs }) => atMs >= view.fromMs && atMs <= view.toMs)
  if (visible.length <= columns) return visible
  const extremes = extremesByColumn(visible, view)
  return visible.filter(
    (probe, index) =>
      isImpaired(probe) || extremes.has(probe) || isImpaired(visible[index - 1]) || isImpaired(visible[index + 1]),
  )
}

function extremesByColumn(probes: readonly ClassifiedProbe[], view: View): Set<ClassifiedProbe> {
  const width = (view.toMs - view.fromMs) / columns
  const byColumn = Map.groupBy(
    probes.filter((probe) => !isImpaired(probe)),
    (probe) => Math.floor((probe.atMs - view.fromMs) / width),
  )
  return new Set([...byColumn.values()].flatMap((column) => [column.reduce(quicker), column.reduce(slower)]))
}

const isImpaired = (probe: ClassifiedProbe | undefined): boolean => probe !== undefined && probe.class !== 'ok'
const quicker = (left: ClassifiedProbe, right: ClassifiedProbe): ClassifiedProbe =>
  (right.rttMs ?? 0) < (left.rttMs ?? 0) ? right : left
const slower = (left: ClassifiedProbe, right: ClassifiedProbe): ClassifiedProbe =>
  (right.rttMs ?? 0) > (left.rttMs ?? 0) ? right : left
