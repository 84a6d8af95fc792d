import { expect, test } from 'vitest'
import { parseFpingLine } from './fping-line.mjs'

test.each([
  ['[1795226632.24227] 127.0.0.1 : [0], 64 bytes, 0.073 ms (0.073 avg, 0% loss)', 0, 1795226632242.27, 0.073],
  ['[1795226632.34237] 10.9.9.2  : [17], 64 bytes, 1234 ms (60.1 avg, 0% loss)', 17, 1795226632342.37, 1234],
  ['[1795226634.24238] 127.0.0.1 : [10], timed out (0.049 avg, 6% loss)', 10, 1795226634242.38, null],
  ['[1795226660.83876] 10.9.9.2 : [0], timed out (NaN avg, 100% loss)', 0, 1795226660838.76, null],
])('%s is a probe', (text, seq, atMs, rttMs) => {
  expect(parseFpingLine(text)).toEqual({ seq, atMs, rttMs })
})

test.each([
  '',
  '10.9.9.2 : xmt/rcv/%loss = 10/9/10%, min/avg/max = 0.03/0.04/0.07',
  'ICMP Host Unreachable from 10.9.9.1 for ICMP Echo sent to 10.9.9.2',
  '10.9.9.2 : duplicate for [3], 64 bytes, 0.10 ms',
])('%j is not', (text) => {
  expect(parseFpingLine(text)).toBe(null)
})
