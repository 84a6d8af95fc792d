/** What an exit code of firedrill asks of people. Only 0 is green. */
export interface Meaning {
  title: string
  todo: string
}

const meanings: Readonly<Record<string, Meaning>> = {
  '0': { title: 'pass', todo: 'Nothing to do.' },
  '1': {
    title: 'fail: the pair did not do what a scenario expects',
    todo: 'Look at the findings below, and at the report.',
  },
  '2': {
    title: 'unknown: a drill proves nothing',
    todo: 'This is not a pass. The findings say what was missing; mend it and drill again.',
  },
  '64': {
    title: 'refused: a scenario, lab or target file has mistakes',
    todo: 'Nothing was started. The log names them.',
  },
  '69': {
    title: 'the lab or the hypervisor is not available',
    todo: 'Nothing was proved. `firedrill doctor` says why.',
  },
  '70': { title: 'a bug of firedrill', todo: 'Nothing was proved. Report it, with the log.' },
  '75': {
    title: 'SOMETHING IS LEFT TO UNDO',
    todo: 'Look at the step "Undo what is left": if it is red, the pair may still be broken. Undo it by hand as the log says.',
  },
  '130': { title: 'interrupted', todo: 'Nothing was proved. What had been done was undone.' },
}

/** The meaning of a code; of none where the drill never ran to its end. */
export function meaningOf(code: string): Meaning {
  if (code === '')
    return { title: 'no drill', todo: 'A step before it failed, or the job was cut off: nothing was proved.' }
  return meanings[code] ?? { title: `exit code ${code}, which firedrill does not have`, todo: 'Look at the log.' }
}
