import type { Page } from 'playwright'
import type { HaState } from '../../../model/ha-state.ts'
import type { RequestInterval } from '../../../ports/hypervisor.ts'
import type { ToggleAction } from '../../firewall/maintenance/toggle.ts'

/** What the CARP status page of a product shows, and its one button that a drill presses. */
export interface StatusPage {
  /** Leaves the page open and filled, signed in where that is needed. */
  open(page: Page, login: Login): Promise<HaState>
  /**
   * Presses the button of persistent maintenance mode on the open page; `now` is read as the request leaves and as its answer is there.
   * A button that says what it does is left alone where that is not what is wanted.
   */
  pressMaintenance(page: Page, now: () => number, wanted: ToggleAction): Promise<Press>
}

/** Who logs in where. */
export interface Login {
  node: string
  user: string
  password: string
}

/** A press and what it did, in the words of the product or in ours. */
interface Press extends RequestInterval {
  action: ToggleAction
}
