import { createHash } from 'node:crypto'
import { deleteVolume, listVolumes, uploadVolume } from '../endpoints/storage.ts'
import type { IsoStore } from '../../../../ports/provisioning.ts'
import { surelyDone } from '../tasks/synchronous.ts'
import type { TaskRunner } from '../tasks/task-runner.ts'
import type { Api } from '../transport/api.ts'
import { createGate } from '../transport/gate.ts'

const limitMs = 10 * 60_000

/** ISO images on the storages of a node, `home` where none is named. */
export function isoStoreOf(api: Api, tasks: TaskRunner, home: string): IsoStore {
  /** The tasks of two uploads look alike, so that a lost one could not be told from the other. */
  const uploads = createGate(1)
  const volumes = async (storage: string, signal: AbortSignal, node = home) => {
    const { data } = await api.call(listVolumes, { node, storage, content: 'iso' }, signal)
    return data.map(({ volid }) => volid)
  }
  return {
    volumes,
    async upload(storage, fileName, image, signal, node = home) {
      const checksum = createHash('sha256').update(image).digest('hex')
      const parameters = { node, storage, content: 'iso', 'checksum-algorithm': 'sha256', checksum } as const
      const leave = await uploads.enter(signal)
      try {
        await tasks.run(uploadVolume, parameters, signal, { upload: { fileName, content: image }, limitMs })
      } finally {
        leave()
      }
      return `${storage}:iso/${fileName}`
    },
    async removeVolume(volume, signal, node = home) {
      const storage = volume.split(':', 1)[0] ?? ''
      const isGone = async () => !(await volumes(storage, signal, node)).includes(volume)
      if (await isGone()) return
      const reply = await surelyDone(
        api,
        () => api.call(deleteVolume, { node, storage, volume }, signal),
        isGone,
        signal,
      )
      if (typeof reply?.data === 'string') await tasks.finish(`removal of ${volume}`, reply.data, limitMs, signal)
    },
  }
}
