import type { Page } from 'playwright'
import type { HaState } from '../../../model/ha-state.ts'
import type { RequestInterval } from '../../../ports/hypervisor.ts'

/** What the CARP status page of a product shows, and its one button that a drill presses. */
export interface StatusPage {
  /** What maintenance mode adds to the demotion that the page shows. */
  readonly maintenanceDemotion: number
  /** Leaves the page open and filled, logged in where that is needed. */
  open(page: Page, login: Login): Promise<HaState>
  /** Presses the button of persistent maintenance mode on the open page; `now` is read as the request leaves and as its answer is there. */
  pressMaintenance(page: Page, wanted: boolean, now: () => number): Promise<Press>
}

/** Who logs in where. */
export interface Login {
  node: string
  user: string
  password: string
}

/** What became of a press: `became` is the mode that the product says it is in now, null where it does not say. */
export interface Press extends RequestInterval {
  became: boolean | null
}
