/** One request and its reply, as they were on the wire. */
export interface Exchange {
  method: string
  /** Below /api2/json, percent-encoded, without its query. */
  path: string
  /** Query and body together; of a multipart form without the file. */
  parameters: Record<string, unknown>
  /** HTTP status; 0 where no reply came. */
  status: number
  /** `data` of the reply; undefined where there is none. */
  data: unknown
}
