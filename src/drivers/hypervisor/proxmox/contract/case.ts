import type { Bench, StorageFacts } from './bench.ts'

/** What a case needs beside the endpoint itself. */
export type Need = 'storage-for-images' | 'storage-for-isos' | 'bridge' | 'sdn-lock' | 'no-sdn-lock'

/** One sentence about the endpoint and the driver, and how to find out whether it holds. */
export interface Case {
  name: string
  needs: readonly Need[]
  /** The endpoints that it is there to exercise: method and path template. */
  endpoints: readonly string[]
  /** 120 where absent. */
  limitSeconds?: number
  /** Throws when it does not hold. */
  run(bench: Bench): Promise<void>
}

const lacks: Readonly<Record<Need, (bench: Bench) => string | null>> = {
  'storage-for-images': ({ storage }) => lackOfStorage(storage, 'images', 'disk images'),
  'storage-for-isos': ({ storage }) => lackOfStorage(storage, 'iso', 'ISO images'),
  bridge: ({ bridge }) => (bridge === null ? 'no --bridge was given' : null),
  'sdn-lock': ({ release }) => (release.major >= 9 ? null : 'the SDN lock came with release 9.0'),
  'no-sdn-lock': ({ release }) => (release.major < 9 ? null : 'the SDN lock of release 9.0 is tested instead'),
}

/** Why a need is not met; null where it is. */
export const lackOf = (need: Need, bench: Bench): string | null => lacks[need](bench)

function lackOfStorage(storage: StorageFacts | null, content: string, words: string): string | null {
  if (storage === null) return 'no --storage was given'
  return storage.content.includes(content) ? null : `storage ${storage.name} holds no ${words}`
}
