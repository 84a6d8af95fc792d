import type { StepTrace } from '../../model/result.ts'
import { oneLine } from '../printable.ts'
import type { Place } from './band.ts'
import { palette } from './palette.ts'
import { fit, path, rect, type Shape, text } from './shape.ts'
import { type View, within } from './view.ts'

/** Height of one row of step labels above the drawing. */
export const labelRowPx = 18

/** The steps that a view shows anything of. */
export const stepsIn = (steps: readonly StepTrace[], view: View): StepTrace[] =>
  steps.filter((step) => spanOf(step, view) !== null)

/** Each step as a shaded window from its command to its end, with a line at the command and a label above. */
export function stepShades(steps: readonly StepTrace[], place: Place, view: View): Shape[] {
  return steps.flatMap((step, index) => {
    const startMs = step.injectedMs?.sent ?? step.startMs
    const span = spanOf(step, view)
    if (span === null) return []
    const [x, end] = [place.x(span.fromMs), place.x(span.toMs)]
    const look =
      step.action === 'fault'
        ? { fill: palette.fault, line: palette.faultLine }
        : { fill: palette.heal, line: palette.healLine }
    const labelY = place.top - labelRowPx * (steps.length - index) + labelRowPx / 2
    const lineTop = labelY - 6
    return [
      rect({ x, y: place.top, width: end - x, height: place.height }, { fill: look.fill }),
      ...(startMs >= view.fromMs
        ? path([`M${x} ${lineTop}V${place.top + place.height}`], { stroke: look.line, lineWidth: 1.5 })
        : []),
      text(fit(labelOf(step), place.right - x - 4, 11), { x: x + 5, y: labelY }, { bold: true, fill: look.line }),
    ]
  })
}

const spanOf = (step: StepTrace, view: View): { fromMs: number; toMs: number } | null =>
  within(view, step.injectedMs?.sent ?? step.startMs, step.endMs ?? view.toMs)

function labelOf(step: StepTrace): string {
  const targets = step.machines.map(oneLine).join(', ')
  const role = step.ref === null || !step.ref.startsWith('$') ? '' : ` (${oneLine(step.ref)})`
  const what =
    step.action === 'fault'
      ? `fault ${oneLine(step.kind)} on ${targets}${role}`
      : `heal of ${oneLine(step.of)} on ${targets}`
  return `${oneLine(step.name)}: ${what}`
}
