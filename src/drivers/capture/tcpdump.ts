/** A capture is never longer or larger than this, whoever forgets to end it. */
const longestSeconds = 86_400
const mostPackets = 20_000_000

/** What tcpdump is to capture. `isUrgent`: each frame is told at once; else a few are told together, which costs less. */
export interface CaptureOrder {
  device: string
  filter: string
  /** Only what the device's machine sends, at its tap. */
  isOneWay: boolean
  isUrgent: boolean
}

/** Of each frame only so many bytes: a DHCP message has some 600. */
const frameBytes = 700

/**
 * A shell script that captures on a device as pcap on its standard output, from when the device is there. It ends when its input does, so that
 * nothing outlives the connection. Every frame is taken from the kernel at once, so that none is lost where the device goes. Directions are
 * left to `-Q`: with `inbound` in a filter, libpcap loses the first frame that passes it.
 */
export function captureScript({ device, filter, isOneWay, isUrgent }: CaptureOrder): string {
  const options = `-n -Z root ${isUrgent ? '-U ' : ''}--immediate-mode --time-stamp-precision=nano -s ${frameBytes} -c ${mostPackets}${isOneWay ? ' -Q in' : ''}`
  const tcpdump = `timeout -s TERM ${longestSeconds} tcpdump ${options} -i ${device} -w - "${filter}"`
  return `exec 3<&0
{ until [ -e /sys/class/net/${device} ]; do sleep 0.1; done; exec ${tcpdump}; } 3<&- &
job=$!
{ cat <&3; kill -TERM $job; } >/dev/null 2>&1 &
wait $job`
}

/** How many packets the kernel saw and could not keep, as tcpdump says at its end; null where the line says something else. */
export function droppedIn(line: string): number | null {
  const count = /^(\d{1,12}) packets? dropped by kernel$/.exec(line.trim())?.[1]
  return count === undefined ? null : Number(count)
}

/** Whether tcpdump says that it has begun. */
export const hasBegun = (line: string): boolean => /\blistening on\b/.test(line)
