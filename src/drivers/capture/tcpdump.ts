/** A capture is never longer or larger than this, whoever forgets to end it. */
const longestSeconds = 86_400
const mostPackets = 1_000_000
/** Of each frame only so many bytes: an advertisement has 90 over IPv6. */
const frameBytes = 128

const filter = 'ip proto 112 or ip6 proto 112'

/**
 * A shell script that captures advertisements on a device as pcap on its standard output, from when the device is there. It ends when its
 * input does, so that nothing outlives the connection. `-Q in` at a tap is what its firewall sends.
 */
export function captureScript(device: string, isTap: boolean): string {
  const direction = isTap ? '-Q in ' : ''
  const options = `-n -Z root -U --immediate-mode --time-stamp-precision=nano -s ${frameBytes} -c ${mostPackets}`
  const tcpdump = `timeout -s TERM ${longestSeconds} tcpdump ${options} ${direction}-i ${device} -w - "${filter}"`
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
