;; Kernels of COUNT that pay as WebAssembly (bench/RESULTS.md). keyOf and unmix of count.kernel.ts define them.
;; `npm run kernels` turns this file into kernels-wasm.ts.
;;
;; Compensation: two colours of an event in the two lanes of a vector, four events side by side.
;; Every sum starts at 0 and adds detector after detector, so each lane has exactly the bits of the plain kernels.
;;   rows     address of the first row of the block;  stride    bytes a row
;;   list, n  positions (i32) of the events;          offsets   byte offset (i32) of each detector within a row
;;   weights  two f64 a detector;                     a, b      columns (f64), written at the positions of the list
(module
  (import "kernels" "memory" (memory 1))
  ;; exact test of the gate at hand for an event in a boundary cell: 0 or 1
  (import "kernels" "exact" (func $exact (param f64 f64) (result i32)))

  (func (export "unmixPairFloat32")
    (param $rows i32) (param $stride i32) (param $list i32) (param $n i32)
    (param $offsets i32) (param $detectors i32) (param $weights i32) (param $a i32) (param $b i32)
    (local $end i32) (local $last4 i32) (local $d i32) (local $o i32) (local $w v128) (local $at i32)
    (local $i0 i32) (local $i1 i32) (local $i2 i32) (local $i3 i32)
    (local $r0 i32) (local $r1 i32) (local $r2 i32) (local $r3 i32)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local.set $end (i32.add (local.get $list) (i32.shl (local.get $n) (i32.const 2))))
    (local.set $last4 (i32.sub (local.get $end) (i32.const 16)))
    (block $fours_done
      (loop $fours
        (br_if $fours_done (i32.gt_s (local.get $list) (local.get $last4)))
        (local.set $i0 (i32.load (local.get $list)))
        (local.set $i1 (i32.load offset=4 (local.get $list)))
        (local.set $i2 (i32.load offset=8 (local.get $list)))
        (local.set $i3 (i32.load offset=12 (local.get $list)))
        (local.set $r0 (i32.add (local.get $rows) (i32.mul (local.get $i0) (local.get $stride))))
        (local.set $r1 (i32.add (local.get $rows) (i32.mul (local.get $i1) (local.get $stride))))
        (local.set $r2 (i32.add (local.get $rows) (i32.mul (local.get $i2) (local.get $stride))))
        (local.set $r3 (i32.add (local.get $rows) (i32.mul (local.get $i3) (local.get $stride))))
        (local.set $s0 (v128.const f64x2 0 0))
        (local.set $s1 (v128.const f64x2 0 0))
        (local.set $s2 (v128.const f64x2 0 0))
        (local.set $s3 (v128.const f64x2 0 0))
        (local.set $d (i32.const 0))
        (loop $detectors
          (local.set $o (i32.load (i32.add (local.get $offsets) (i32.shl (local.get $d) (i32.const 2)))))
          (local.set $w (v128.load (i32.add (local.get $weights) (i32.shl (local.get $d) (i32.const 4)))))
          (local.set $s0 (f64x2.add (local.get $s0) (f64x2.mul (local.get $w)
            (f64x2.promote_low_f32x4 (v128.load32_splat (i32.add (local.get $r0) (local.get $o)))))))
          (local.set $s1 (f64x2.add (local.get $s1) (f64x2.mul (local.get $w)
            (f64x2.promote_low_f32x4 (v128.load32_splat (i32.add (local.get $r1) (local.get $o)))))))
          (local.set $s2 (f64x2.add (local.get $s2) (f64x2.mul (local.get $w)
            (f64x2.promote_low_f32x4 (v128.load32_splat (i32.add (local.get $r2) (local.get $o)))))))
          (local.set $s3 (f64x2.add (local.get $s3) (f64x2.mul (local.get $w)
            (f64x2.promote_low_f32x4 (v128.load32_splat (i32.add (local.get $r3) (local.get $o)))))))
          (local.set $d (i32.add (local.get $d) (i32.const 1)))
          (br_if $detectors (i32.lt_s (local.get $d) (local.get $detectors))))
        (local.set $i0 (i32.shl (local.get $i0) (i32.const 3)))
        (local.set $i1 (i32.shl (local.get $i1) (i32.const 3)))
        (local.set $i2 (i32.shl (local.get $i2) (i32.const 3)))
        (local.set $i3 (i32.shl (local.get $i3) (i32.const 3)))
        (v128.store64_lane 0 (i32.add (local.get $a) (local.get $i0)) (local.get $s0))
        (v128.store64_lane 1 (i32.add (local.get $b) (local.get $i0)) (local.get $s0))
        (v128.store64_lane 0 (i32.add (local.get $a) (local.get $i1)) (local.get $s1))
        (v128.store64_lane 1 (i32.add (local.get $b) (local.get $i1)) (local.get $s1))
        (v128.store64_lane 0 (i32.add (local.get $a) (local.get $i2)) (local.get $s2))
        (v128.store64_lane 1 (i32.add (local.get $b) (local.get $i2)) (local.get $s2))
        (v128.store64_lane 0 (i32.add (local.get $a) (local.get $i3)) (local.get $s3))
        (v128.store64_lane 1 (i32.add (local.get $b) (local.get $i3)) (local.get $s3))
        (local.set $list (i32.add (local.get $list) (i32.const 16)))
        (br $fours)))
    (block $done
      (loop $ones
        (br_if $done (i32.ge_u (local.get $list) (local.get $end)))
        (local.set $i0 (i32.load (local.get $list)))
        (local.set $r0 (i32.add (local.get $rows) (i32.mul (local.get $i0) (local.get $stride))))
        (local.set $s0 (v128.const f64x2 0 0))
        (local.set $d (i32.const 0))
        (loop $detectors
          (local.set $o (i32.load (i32.add (local.get $offsets) (i32.shl (local.get $d) (i32.const 2)))))
          (local.set $w (v128.load (i32.add (local.get $weights) (i32.shl (local.get $d) (i32.const 4)))))
          (local.set $s0 (f64x2.add (local.get $s0) (f64x2.mul (local.get $w)
            (f64x2.promote_low_f32x4 (v128.load32_splat (i32.add (local.get $r0) (local.get $o)))))))
          (local.set $d (i32.add (local.get $d) (i32.const 1)))
          (br_if $detectors (i32.lt_s (local.get $d) (local.get $detectors))))
        (local.set $i0 (i32.shl (local.get $i0) (i32.const 3)))
        (v128.store64_lane 0 (i32.add (local.get $a) (local.get $i0)) (local.get $s0))
        (v128.store64_lane 1 (i32.add (local.get $b) (local.get $i0)) (local.get $s0))
        (local.set $list (i32.add (local.get $list) (i32.const 4)))
        (br $ones))))

  ;; One colour: two events in the two lanes of a vector, eight events side by side; the same sums in the same order.
  ;;   weights  one f64 a detector;  a  column (f64); the rest as above
  (func (export "unmixOneFloat32")
    (param $rows i32) (param $stride i32) (param $list i32) (param $n i32)
    (param $offsets i32) (param $detectors i32) (param $weights i32) (param $a i32)
    (local $end i32) (local $last8 i32) (local $d i32) (local $o i32) (local $w v128) (local $sum f64)
    (local $i0 i32) (local $i1 i32) (local $i2 i32) (local $i3 i32) (local $i4 i32) (local $i5 i32) (local $i6 i32) (local $i7 i32)
    (local $r0 i32) (local $r1 i32) (local $r2 i32) (local $r3 i32) (local $r4 i32) (local $r5 i32) (local $r6 i32) (local $r7 i32)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local.set $end (i32.add (local.get $list) (i32.shl (local.get $n) (i32.const 2))))
    (local.set $last8 (i32.sub (local.get $end) (i32.const 32)))
    (block $eights_done
      (loop $eights
        (br_if $eights_done (i32.gt_s (local.get $list) (local.get $last8)))
        (local.set $i0 (i32.load (local.get $list)))
        (local.set $i1 (i32.load offset=4 (local.get $list)))
        (local.set $i2 (i32.load offset=8 (local.get $list)))
        (local.set $i3 (i32.load offset=12 (local.get $list)))
        (local.set $i4 (i32.load offset=16 (local.get $list)))
        (local.set $i5 (i32.load offset=20 (local.get $list)))
        (local.set $i6 (i32.load offset=24 (local.get $list)))
        (local.set $i7 (i32.load offset=28 (local.get $list)))
        (local.set $r0 (i32.add (local.get $rows) (i32.mul (local.get $i0) (local.get $stride))))
        (local.set $r1 (i32.add (local.get $rows) (i32.mul (local.get $i1) (local.get $stride))))
        (local.set $r2 (i32.add (local.get $rows) (i32.mul (local.get $i2) (local.get $stride))))
        (local.set $r3 (i32.add (local.get $rows) (i32.mul (local.get $i3) (local.get $stride))))
        (local.set $r4 (i32.add (local.get $rows) (i32.mul (local.get $i4) (local.get $stride))))
        (local.set $r5 (i32.add (local.get $rows) (i32.mul (local.get $i5) (local.get $stride))))
        (local.set $r6 (i32.add (local.get $rows) (i32.mul (local.get $i6) (local.get $stride))))
        (local.set $r7 (i32.add (local.get $rows) (i32.mul (local.get $i7) (local.get $stride))))
        (local.set $s0 (v128.const f64x2 0 0))
        (local.set $s1 (v128.const f64x2 0 0))
        (local.set $s2 (v128.const f64x2 0 0))
        (local.set $s3 (v128.const f64x2 0 0))
        (local.set $d (i32.const 0))
        (loop $detectors
          (local.set $o (i32.load (i32.add (local.get $offsets) (i32.shl (local.get $d) (i32.const 2)))))
          (local.set $w (v128.load64_splat (i32.add (local.get $weights) (i32.shl (local.get $d) (i32.const 3)))))
          (local.set $s0 (f64x2.add (local.get $s0) (f64x2.mul (local.get $w)
            (f64x2.promote_low_f32x4 (v128.load32_lane 1 (i32.add (local.get $r1) (local.get $o))
              (v128.load32_zero (i32.add (local.get $r0) (local.get $o))))))))
          (local.set $s1 (f64x2.add (local.get $s1) (f64x2.mul (local.get $w)
            (f64x2.promote_low_f32x4 (v128.load32_lane 1 (i32.add (local.get $r3) (local.get $o))
              (v128.load32_zero (i32.add (local.get $r2) (local.get $o))))))))
          (local.set $s2 (f64x2.add (local.get $s2) (f64x2.mul (local.get $w)
            (f64x2.promote_low_f32x4 (v128.load32_lane 1 (i32.add (local.get $r5) (local.get $o))
              (v128.load32_zero (i32.add (local.get $r4) (local.get $o))))))))
          (local.set $s3 (f64x2.add (local.get $s3) (f64x2.mul (local.get $w)
            (f64x2.promote_low_f32x4 (v128.load32_lane 1 (i32.add (local.get $r7) (local.get $o))
              (v128.load32_zero (i32.add (local.get $r6) (local.get $o))))))))
          (local.set $d (i32.add (local.get $d) (i32.const 1)))
          (br_if $detectors (i32.lt_s (local.get $d) (local.get $detectors))))
        (v128.store64_lane 0 (i32.add (local.get $a) (i32.shl (local.get $i0) (i32.const 3))) (local.get $s0))
        (v128.store64_lane 1 (i32.add (local.get $a) (i32.shl (local.get $i1) (i32.const 3))) (local.get $s0))
        (v128.store64_lane 0 (i32.add (local.get $a) (i32.shl (local.get $i2) (i32.const 3))) (local.get $s1))
        (v128.store64_lane 1 (i32.add (local.get $a) (i32.shl (local.get $i3) (i32.const 3))) (local.get $s1))
        (v128.store64_lane 0 (i32.add (local.get $a) (i32.shl (local.get $i4) (i32.const 3))) (local.get $s2))
        (v128.store64_lane 1 (i32.add (local.get $a) (i32.shl (local.get $i5) (i32.const 3))) (local.get $s2))
        (v128.store64_lane 0 (i32.add (local.get $a) (i32.shl (local.get $i6) (i32.const 3))) (local.get $s3))
        (v128.store64_lane 1 (i32.add (local.get $a) (i32.shl (local.get $i7) (i32.const 3))) (local.get $s3))
        (local.set $list (i32.add (local.get $list) (i32.const 32)))
        (br $eights)))
    (block $done
      (loop $ones
        (br_if $done (i32.ge_u (local.get $list) (local.get $end)))
        (local.set $i0 (i32.load (local.get $list)))
        (local.set $r0 (i32.add (local.get $rows) (i32.mul (local.get $i0) (local.get $stride))))
        (local.set $sum (f64.const 0))
        (local.set $d (i32.const 0))
        (loop $detectors
          (local.set $o (i32.load (i32.add (local.get $offsets) (i32.shl (local.get $d) (i32.const 2)))))
          (local.set $sum (f64.add (local.get $sum) (f64.mul
            (f64.load (i32.add (local.get $weights) (i32.shl (local.get $d) (i32.const 3))))
            (f64.promote_f32 (f32.load (i32.add (local.get $r0) (local.get $o)))))))
          (local.set $d (i32.add (local.get $d) (i32.const 1)))
          (br_if $detectors (i32.lt_s (local.get $d) (local.get $detectors))))
        (f64.store (i32.add (local.get $a) (i32.shl (local.get $i0) (i32.const 3))) (local.get $sum))
        (local.set $list (i32.add (local.get $list) (i32.const 4)))
        (br $ones))))

  ;; Four colours: two vectors of two colours an event, two events side by side; every value is widened once for all four.
  ;;   weights  four f64 a detector;  a, b, c, d  columns (f64); the rest as above
  (func (export "unmixFourFloat32")
    (param $rows i32) (param $stride i32) (param $list i32) (param $n i32)
    (param $offsets i32) (param $detectors i32) (param $weights i32) (param $a i32) (param $b i32) (param $c i32) (param $e i32)
    (local $end i32) (local $last2 i32) (local $d i32) (local $o i32) (local $at i32) (local $w v128) (local $v v128)
    (local $i0 i32) (local $i1 i32) (local $r0 i32) (local $r1 i32)
    (local $s0 v128) (local $s1 v128) (local $t0 v128) (local $t1 v128)
    (local.set $end (i32.add (local.get $list) (i32.shl (local.get $n) (i32.const 2))))
    (block $done
      (loop $twos
        (br_if $done (i32.ge_u (local.get $list) (local.get $end)))
        ;; an odd last event stands for two: it is summed twice and written twice
        (local.set $last2 (select (i32.const 4) (i32.const 0) (i32.gt_u (i32.sub (local.get $end) (local.get $list)) (i32.const 4))))
        (local.set $i0 (i32.load (local.get $list)))
        (local.set $i1 (i32.load (i32.add (local.get $list) (local.get $last2))))
        (local.set $r0 (i32.add (local.get $rows) (i32.mul (local.get $i0) (local.get $stride))))
        (local.set $r1 (i32.add (local.get $rows) (i32.mul (local.get $i1) (local.get $stride))))
        (local.set $s0 (v128.const f64x2 0 0))
        (local.set $s1 (v128.const f64x2 0 0))
        (local.set $t0 (v128.const f64x2 0 0))
        (local.set $t1 (v128.const f64x2 0 0))
        (local.set $d (i32.const 0))
        (local.set $at (local.get $weights))
        (loop $detectors
          (local.set $o (i32.load (i32.add (local.get $offsets) (i32.shl (local.get $d) (i32.const 2)))))
          (local.set $v (f64x2.promote_low_f32x4 (v128.load32_splat (i32.add (local.get $r0) (local.get $o)))))
          (local.set $s0 (f64x2.add (local.get $s0) (f64x2.mul (v128.load (local.get $at)) (local.get $v))))
          (local.set $t0 (f64x2.add (local.get $t0) (f64x2.mul (v128.load offset=16 (local.get $at)) (local.get $v))))
          (local.set $v (f64x2.promote_low_f32x4 (v128.load32_splat (i32.add (local.get $r1) (local.get $o)))))
          (local.set $s1 (f64x2.add (local.get $s1) (f64x2.mul (v128.load (local.get $at)) (local.get $v))))
          (local.set $t1 (f64x2.add (local.get $t1) (f64x2.mul (v128.load offset=16 (local.get $at)) (local.get $v))))
          (local.set $at (i32.add (local.get $at) (i32.const 32)))
          (local.set $d (i32.add (local.get $d) (i32.const 1)))
          (br_if $detectors (i32.lt_s (local.get $d) (local.get $detectors))))
        (local.set $i0 (i32.shl (local.get $i0) (i32.const 3)))
        (local.set $i1 (i32.shl (local.get $i1) (i32.const 3)))
        (v128.store64_lane 0 (i32.add (local.get $a) (local.get $i0)) (local.get $s0))
        (v128.store64_lane 1 (i32.add (local.get $b) (local.get $i0)) (local.get $s0))
        (v128.store64_lane 0 (i32.add (local.get $c) (local.get $i0)) (local.get $t0))
        (v128.store64_lane 1 (i32.add (local.get $e) (local.get $i0)) (local.get $t0))
        (v128.store64_lane 0 (i32.add (local.get $a) (local.get $i1)) (local.get $s1))
        (v128.store64_lane 1 (i32.add (local.get $b) (local.get $i1)) (local.get $s1))
        (v128.store64_lane 0 (i32.add (local.get $c) (local.get $i1)) (local.get $t1))
        (v128.store64_lane 1 (i32.add (local.get $e) (local.get $i1)) (local.get $t1))
        (local.set $list (i32.add (local.get $list) (i32.const 8)))
        (br $twos))))

  ;; One parameter of the listed events as it is.  offset  bytes of the parameter within a row;  a  column (f64)
  (func (export "gatherFloat32")
    (param $rows i32) (param $stride i32) (param $list i32) (param $n i32) (param $offset i32) (param $a i32)
    (local $end i32) (local $i i32)
    (local.set $rows (i32.add (local.get $rows) (local.get $offset)))
    (local.set $end (i32.add (local.get $list) (i32.shl (local.get $n) (i32.const 2))))
    (block $done
      (loop $events
        (br_if $done (i32.ge_u (local.get $list) (local.get $end)))
        (local.set $i (i32.load (local.get $list)))
        (f64.store (i32.add (local.get $a) (i32.shl (local.get $i) (i32.const 3)))
          (f64.promote_f32 (f32.load (i32.add (local.get $rows) (i32.mul (local.get $i) (local.get $stride))))))
        (local.set $list (i32.add (local.get $list) (i32.const 4)))
        (br $events))))

  ;; Tests. Each appends the events of `list` that pass to `out`, which may be `list` itself, and returns how many they are.
  ;; low <= x and not x >= high; NaN as `high` is an open side, as `low` an impossible one.
  (func (export "withinRange")
    (param $x i32) (param $low f64) (param $high f64) (param $list i32) (param $n i32) (param $out i32) (result i32)
    (local $end i32) (local $i i32) (local $begin i32) (local $v f64)
    (local.set $begin (local.get $out))
    (local.set $end (i32.add (local.get $list) (i32.shl (local.get $n) (i32.const 2))))
    (block $done
      (loop $events
        (br_if $done (i32.ge_u (local.get $list) (local.get $end)))
        (local.set $i (i32.load (local.get $list)))
        (i32.store (local.get $out) (local.get $i))
        (local.set $v (f64.load (i32.add (local.get $x) (i32.shl (local.get $i) (i32.const 3)))))
        (local.set $out (i32.add (local.get $out) (i32.shl
          (i32.and (f64.ge (local.get $v) (local.get $low)) (i32.eqz (f64.ge (local.get $v) (local.get $high)))) (i32.const 2))))
        (local.set $list (i32.add (local.get $list) (i32.const 4)))
        (br $events)))
    (i32.shr_u (i32.sub (local.get $out) (local.get $begin)) (i32.const 2)))

  (func (export "withinRectangle")
    (param $x i32) (param $xLow f64) (param $xHigh f64) (param $y i32) (param $yLow f64) (param $yHigh f64)
    (param $list i32) (param $n i32) (param $out i32) (result i32)
    (local $end i32) (local $i i32) (local $begin i32) (local $u f64) (local $v f64)
    (local.set $begin (local.get $out))
    (local.set $end (i32.add (local.get $list) (i32.shl (local.get $n) (i32.const 2))))
    (block $done
      (loop $events
        (br_if $done (i32.ge_u (local.get $list) (local.get $end)))
        (local.set $i (i32.load (local.get $list)))
        (i32.store (local.get $out) (local.get $i))
        (local.set $i (i32.shl (local.get $i) (i32.const 3)))
        (local.set $u (f64.load (i32.add (local.get $x) (local.get $i))))
        (local.set $v (f64.load (i32.add (local.get $y) (local.get $i))))
        (local.set $out (i32.add (local.get $out) (i32.shl (i32.and
          (i32.and (f64.ge (local.get $u) (local.get $xLow)) (i32.eqz (f64.ge (local.get $u) (local.get $xHigh))))
          (i32.and (f64.ge (local.get $v) (local.get $yLow)) (i32.eqz (f64.ge (local.get $v) (local.get $yHigh))))) (i32.const 2))))
        (local.set $list (i32.add (local.get $list) (i32.const 4)))
        (br $events)))
    (i32.shr_u (i32.sub (local.get $out) (local.get $begin)) (i32.const 2)))

  ;; Events of a list whose cell of a grid is inside, or on the boundary and inside by the exact test (grid.ts). The key of a value
  ;; is the upper half of its float32 bits (keyOf).
  ;;   x, y  columns (f64);  cellX, cellY  a byte a key;  states  rows of 128 bytes
  (func (export "withinGrid")
    (param $x i32) (param $y i32) (param $cellX i32) (param $cellY i32) (param $states i32)
    (param $list i32) (param $n i32) (param $out i32) (result i32)
    (local $end i32) (local $i i32) (local $begin i32) (local $state i32)
    (local.set $begin (local.get $out))
    (local.set $end (i32.add (local.get $list) (i32.shl (local.get $n) (i32.const 2))))
    (block $done
      (loop $events
        (br_if $done (i32.ge_u (local.get $list) (local.get $end)))
        (local.set $i (i32.load (local.get $list)))
        (i32.store (local.get $out) (local.get $i))
        (local.set $i (i32.shl (local.get $i) (i32.const 3)))
        (local.set $state (i32.load8_u (i32.add (local.get $states) (i32.add
          (i32.load8_u (i32.add (local.get $cellX) (i32.shr_u
            (i32.reinterpret_f32 (f32.demote_f64 (f64.load (i32.add (local.get $x) (local.get $i))))) (i32.const 16))))
          (i32.shl (i32.load8_u (i32.add (local.get $cellY) (i32.shr_u
            (i32.reinterpret_f32 (f32.demote_f64 (f64.load (i32.add (local.get $y) (local.get $i))))) (i32.const 16))))
            (i32.const 7))))))
        (if (i32.gt_u (local.get $state) (i32.const 1))
          (then (local.set $state (call $exact
            (f64.load (i32.add (local.get $x) (local.get $i))) (f64.load (i32.add (local.get $y) (local.get $i)))))))
        (local.set $out (i32.add (local.get $out) (i32.shl (local.get $state) (i32.const 2))))
        (local.set $list (i32.add (local.get $list) (i32.const 4)))
        (br $events)))
    (i32.shr_u (i32.sub (local.get $out) (local.get $begin)) (i32.const 2)))

  ;; Codes of the first n values of a column, as codeOf has them (statistics.kernel.ts); 65535 where a value is not finite. Four at a
  ;; time: both columns have room for the three values that may be too many.
  ;;   x  column (f64);  out  column (u16)
  (func (export "codes") (param $x i32) (param $n i32) (param $out i32)
    (local $end i32) (local $u v128) (local $v v128) (local $m v128)
    (local.set $end (i32.add (local.get $out) (i32.shl (local.get $n) (i32.const 1))))
    (block $done
      (loop $fours
        (br_if $done (i32.ge_u (local.get $out) (local.get $end)))
        (local.set $u (v128.load (local.get $x)))
        (local.set $v (v128.load offset=16 (local.get $x)))
        ;; magnitude: the float32 bits of |x| + 16, from those of 16.0 on, by 2^17, at most 1024
        (local.set $m (i32x4.min_s (v128.const i32x4 1024 1024 1024 1024) (i32x4.shr_s
          (i32x4.sub
            (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23
              (f32x4.demote_f64x2_zero (f64x2.add (f64x2.abs (local.get $u)) (v128.const f64x2 16 16)))
              (f32x4.demote_f64x2_zero (f64x2.add (f64x2.abs (local.get $v)) (v128.const f64x2 16 16))))
            (v128.const i32x4 0x41800000 0x41800000 0x41800000 0x41800000))
          (i32.const 17))))
        ;; 1025 + magnitude, below zero 1024 - magnitude: 1025 + its complement
        (local.set $m (i32x4.add (v128.const i32x4 1025 1025 1025 1025) (v128.xor (local.get $m)
          (i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27
            (f64x2.lt (local.get $u) (v128.const f64x2 0 0)) (f64x2.lt (local.get $v) (v128.const f64x2 0 0))))))
        (local.set $m (v128.bitselect (local.get $m) (v128.const i32x4 0xffff 0xffff 0xffff 0xffff)
          (i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27
            (f64x2.eq (f64x2.sub (local.get $u) (local.get $u)) (v128.const f64x2 0 0))
            (f64x2.eq (f64x2.sub (local.get $v) (local.get $v)) (v128.const f64x2 0 0)))))
        (v128.store64_lane 0 (local.get $out) (i16x8.narrow_i32x4_u (local.get $m) (local.get $m)))
        (local.set $x (i32.add (local.get $x) (i32.const 32)))
        (local.set $out (i32.add (local.get $out) (i32.const 8)))
        (br $fours))))

  ;; Membership words. Sets a bit in the word of every listed event.
  (func (export "mark") (param $words i32) (param $bit i32) (param $list i32) (param $n i32)
    (local $end i32) (local $at i32)
    (local.set $end (i32.add (local.get $list) (i32.shl (local.get $n) (i32.const 2))))
    (block $done
      (loop $events
        (br_if $done (i32.ge_u (local.get $list) (local.get $end)))
        (local.set $at (i32.add (local.get $words) (i32.shl (i32.load (local.get $list)) (i32.const 2))))
        (i32.store (local.get $at) (i32.or (i32.load (local.get $at)) (local.get $bit)))
        (local.set $list (i32.add (local.get $list) (i32.const 4)))
        (br $events))))

  ;; Events whose word, after flipping, has all bits of `mask`.
  (func (export "withAllBits")
    (param $words i32) (param $mask i32) (param $flip i32) (param $list i32) (param $n i32) (param $out i32) (result i32)
    (local $end i32) (local $i i32) (local $begin i32)
    (local.set $begin (local.get $out))
    (local.set $end (i32.add (local.get $list) (i32.shl (local.get $n) (i32.const 2))))
    (block $done
      (loop $events
        (br_if $done (i32.ge_u (local.get $list) (local.get $end)))
        (local.set $i (i32.load (local.get $list)))
        (i32.store (local.get $out) (local.get $i))
        (local.set $out (i32.add (local.get $out) (i32.shl (i32.eq (local.get $mask) (i32.and (local.get $mask)
          (i32.xor (local.get $flip) (i32.load (i32.add (local.get $words) (i32.shl (local.get $i) (i32.const 2))))))) (i32.const 2))))
        (local.set $list (i32.add (local.get $list) (i32.const 4)))
        (br $events)))
    (i32.shr_u (i32.sub (local.get $out) (local.get $begin)) (i32.const 2)))

  ;; Events whose word, after flipping, has any bit of `mask`.
  (func (export "withAnyBit")
    (param $words i32) (param $mask i32) (param $flip i32) (param $list i32) (param $n i32) (param $out i32) (result i32)
    (local $end i32) (local $i i32) (local $begin i32)
    (local.set $begin (local.get $out))
    (local.set $end (i32.add (local.get $list) (i32.shl (local.get $n) (i32.const 2))))
    (block $done
      (loop $events
        (br_if $done (i32.ge_u (local.get $list) (local.get $end)))
        (local.set $i (i32.load (local.get $list)))
        (i32.store (local.get $out) (local.get $i))
        (local.set $out (i32.add (local.get $out) (i32.shl (i32.ne (i32.const 0) (i32.and (local.get $mask)
          (i32.xor (local.get $flip) (i32.load (i32.add (local.get $words) (i32.shl (local.get $i) (i32.const 2))))))) (i32.const 2))))
        (local.set $list (i32.add (local.get $list) (i32.const 4)))
        (br $events)))
    (i32.shr_u (i32.sub (local.get $out) (local.get $begin)) (i32.const 2)))
)
