import type { Lab } from '../../../model/lab.ts'

/** A part of the configuration that goes from one firewall to the other, in the words of lab files. */
export type SyncItem = NonNullable<NonNullable<Lab['pair']['configSync']>['items']>[number]

const usual: SyncItem[] = ['aliases', 'rules', 'nat', 'dhcp']

/** What the pair syncs, in the order of the lab file. */
export const syncItemsOf = ({ pair }: Pick<Lab, 'pair'>): SyncItem[] => pair.configSync?.items ?? usual
