import type { Check } from './check.ts'
import { cleanBefore } from './clean-before.ts'
import { clockSteady } from './clock-steady.ts'
import { faultHappened } from './fault-happened.ts'
import { oneMaster } from './one-master.ts'
import { otherBecameMaster } from './other-became-master.ts'
import { probesRan } from './probes-ran.ts'
import { recordingComplete } from './recording-complete.ts'
import { recoveredInTime } from './recovered-in-time.ts'
import { settledBefore } from './settled-before.ts'
import { splitBrain } from './split-brain.ts'
import { targetWasMaster } from './target-was-master.ts'
import { undoDone } from './undo-done.ts'
import { vipsTogether } from './vips-together.ts'

/** Every invariant there is, in the order in which a drill goes. */
export const checks: readonly Check[] = [
  recordingComplete,
  clockSteady,
  settledBefore,
  cleanBefore,
  probesRan,
  targetWasMaster,
  faultHappened,
  otherBecameMaster,
  recoveredInTime,
  undoDone,
  splitBrain,
  vipsTogether,
  oneMaster,
]
