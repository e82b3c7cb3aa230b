;; Adam's update of one tensor in a single pass over its elements, eight at a time. tests/core/optim/adam-kernel.test.ts holds
;; the bytes in adam-kernel.ts against this text.
(module
  (import "host" "memory" (memory 1 65536))

  ;; Sum of the squares of the scaled gradient. Products are rounded to float32, summed in eight lanes over up to 512 elements,
  ;; and these sums in double precision: one running sum of millions of squares in float32 would come out too small.
  (func (export "squares") (param $g i32) (param $count i32) (param $scale f32) (result f64)
    (local $end i32) (local $stop i32) (local $scales v128) (local $slope v128) (local $lanes v128) (local $lanes2 v128) (local $sum f64)
    (local.set $scales (f32x4.splat (local.get $scale)))
    (local.set $end (i32.add (local.get $g) (i32.shl (local.get $count) (i32.const 2))))
    (loop $blocks
      (local.set $stop (call $blockEnd (local.get $g) (local.get $end)))
      (local.set $lanes (v128.const f32x4 0 0 0 0))
      (local.set $lanes2 (v128.const f32x4 0 0 0 0))
      (loop $elements
        (local.set $slope (f32x4.mul (v128.load (local.get $g)) (local.get $scales)))
        (local.set $lanes (f32x4.add (local.get $lanes) (f32x4.mul (local.get $slope) (local.get $slope))))
        (local.set $slope (f32x4.mul (v128.load offset=16 (local.get $g)) (local.get $scales)))
        (local.set $lanes2 (f32x4.add (local.get $lanes2) (f32x4.mul (local.get $slope) (local.get $slope))))
        (local.set $g (i32.add (local.get $g) (i32.const 32)))
        (br_if $elements (i32.lt_u (local.get $g) (local.get $stop))))
      (local.set $sum (f64.add (local.get $sum) (call $across (f32x4.add (local.get $lanes) (local.get $lanes2)))))
      (br_if $blocks (i32.lt_u (local.get $g) (local.get $end))))
    (local.get $sum))

  ;; m <- beta1 m + s; v <- beta2 v + s^2; p <- keep p - size (m / (sqrt v + shift)), where s is the scaled gradient. Gives the
  ;; sum of s^2. `count` is a multiple of 8.
  (func (export "step")
    (param $p i32) (param $m i32) (param $v i32) (param $g i32) (param $count i32)
    (param $scale f32) (param $beta1 f32) (param $beta2 f32) (param $keep f32) (param $size f32) (param $shift f32)
    (result f64)
    (local $end i32) (local $stop i32) (local $lanes v128) (local $lanes2 v128) (local $sum f64)
    (local $scales v128) (local $betas1 v128) (local $betas2 v128) (local $keeps v128) (local $sizes v128) (local $shifts v128)
    (local $slope v128) (local $square v128) (local $mean v128) (local $variance v128)
    (local.set $scales (f32x4.splat (local.get $scale)))
    (local.set $betas1 (f32x4.splat (local.get $beta1)))
    (local.set $betas2 (f32x4.splat (local.get $beta2)))
    (local.set $keeps (f32x4.splat (local.get $keep)))
    (local.set $sizes (f32x4.splat (local.get $size)))
    (local.set $shifts (f32x4.splat (local.get $shift)))
    (local.set $end (i32.add (local.get $g) (i32.shl (local.get $count) (i32.const 2))))
    (loop $blocks
      (local.set $stop (call $blockEnd (local.get $g) (local.get $end)))
      (local.set $lanes (v128.const f32x4 0 0 0 0))
      (local.set $lanes2 (v128.const f32x4 0 0 0 0))
      (loop $elements
        (local.set $slope (f32x4.mul (v128.load (local.get $g)) (local.get $scales)))
        (local.set $square (f32x4.mul (local.get $slope) (local.get $slope)))
        (local.set $lanes (f32x4.add (local.get $lanes) (local.get $square)))
        (local.set $mean (f32x4.add (f32x4.mul (v128.load (local.get $m)) (local.get $betas1)) (local.get $slope)))
        (local.set $variance (f32x4.add (f32x4.mul (v128.load (local.get $v)) (local.get $betas2)) (local.get $square)))
        (v128.store (local.get $m) (local.get $mean))
        (v128.store (local.get $v) (local.get $variance))
        (v128.store (local.get $p)
          (f32x4.sub
            (f32x4.mul (v128.load (local.get $p)) (local.get $keeps))
            (f32x4.mul
              (f32x4.div (local.get $mean) (f32x4.add (f32x4.sqrt (local.get $variance)) (local.get $shifts)))
              (local.get $sizes))))
        (local.set $slope (f32x4.mul (v128.load offset=16 (local.get $g)) (local.get $scales)))
        (local.set $square (f32x4.mul (local.get $slope) (local.get $slope)))
        (local.set $lanes2 (f32x4.add (local.get $lanes2) (local.get $square)))
        (local.set $mean (f32x4.add (f32x4.mul (v128.load offset=16 (local.get $m)) (local.get $betas1)) (local.get $slope)))
        (local.set $variance (f32x4.add (f32x4.mul (v128.load offset=16 (local.get $v)) (local.get $betas2)) (local.get $square)))
        (v128.store offset=16 (local.get $m) (local.get $mean))
        (v128.store offset=16 (local.get $v) (local.get $variance))
        (v128.store offset=16 (local.get $p)
          (f32x4.sub
            (f32x4.mul (v128.load offset=16 (local.get $p)) (local.get $keeps))
            (f32x4.mul
              (f32x4.div (local.get $mean) (f32x4.add (f32x4.sqrt (local.get $variance)) (local.get $shifts)))
              (local.get $sizes))))
        (local.set $p (i32.add (local.get $p) (i32.const 32)))
        (local.set $m (i32.add (local.get $m) (i32.const 32)))
        (local.set $v (i32.add (local.get $v) (i32.const 32)))
        (local.set $g (i32.add (local.get $g) (i32.const 32)))
        (br_if $elements (i32.lt_u (local.get $g) (local.get $stop))))
      (local.set $sum (f64.add (local.get $sum) (call $across (f32x4.add (local.get $lanes) (local.get $lanes2)))))
      (br_if $blocks (i32.lt_u (local.get $g) (local.get $end))))
    (local.get $sum))

  ;; 512 elements on from an address, or the end.
  (func $blockEnd (param $from i32) (param $end i32) (result i32)
    (select
      (i32.add (local.get $from) (i32.const 2048))
      (local.get $end)
      (i32.gt_u (i32.sub (local.get $end) (local.get $from)) (i32.const 2048))))

  (func $across (param $lanes v128) (result f64)
    (local $pairs v128)
    (local.set $pairs
      (f64x2.add
        (f64x2.promote_low_f32x4 (local.get $lanes))
        (f64x2.promote_low_f32x4
          (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $lanes) (local.get $lanes)))))
    (f64.add (f64x2.extract_lane 0 (local.get $pairs)) (f64x2.extract_lane 1 (local.get $pairs)))))
