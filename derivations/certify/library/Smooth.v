(* What smooth functions need besides: roots, powers, pi, sin, cos and arctan, numbers above zero,
   second derivatives; and sums of products of sums, written as monomials.

   The tactics of Tactics.v and Refutation.v are told of these: their names mean more from here on.
   Only what needs it imports this file. *)
Require Import Reals ZArith Lra Lia.
From Coquelicot Require Import Coquelicot.
From Interval Require Import Tactic.
From Certify Require Import Sums Derivatives Tactics Refutation.
Open Scope R_scope.

(* A second derivative: near there P says what the first one is, and that has the derivative l. *)
Definition has_second (P : (Z -> R) -> R -> Prop) v i l :=
  exists G : R -> R, locally (v i) (fun t : R => P (upd v i t) (G t)) /\ is_derive G (v i) l.
Definition has_second2 (P : (Z -> Z -> R) -> R -> Prop) U x i l :=
  exists G : R -> R, locally (U x i) (fun t : R => P (upd2 U x i t) (G t)) /\ is_derive G (U x i) l.
Definition has_second_slope (P : R -> R -> Prop) (a : R) l :=
  exists G : R -> R, locally a (fun t : R => P t (G t)) /\ is_derive G a l.

Lemma d_power (t : R) n f (a : R) :
  is_derive f t a -> is_derive (fun s : R => f s ^ S n) t (INR (S n) * a * f t ^ n).
Proof. intro H. exact (is_derive_pow f (S n) t a H). Qed.
Lemma d_sqrt (t : R) f (a : R) :
  0 < f t -> is_derive f t a -> is_derive (fun s : R => sqrt (f s)) t (a / (2 * sqrt (f t))).
Proof. intros H Hf. exact (is_derive_sqrt f t a Hf H). Qed.

Lemma d_sin (t : R) f (a : R) :
  is_derive f t a -> is_derive (fun s : R => sin (f s)) t (cos (f t) * a).
Proof. apply (d_inside t sin f a), is_derive_sin. Qed.
Lemma d_cos (t : R) f (a : R) :
  is_derive f t a -> is_derive (fun s : R => cos (f s)) t (- sin (f t) * a).
Proof. apply (d_inside t cos f a), is_derive_cos. Qed.
Lemma d_atan (t : R) f (a : R) :
  is_derive f t a -> is_derive (fun s : R => atan (f s)) t (/ (1 + f t ^ 2) * a).
Proof.
  apply (d_inside t atan f a). eapply d_value; [apply is_derive_atan | now rewrite Rsqr_pow2].
Qed.

Lemma d_abs (t : R) f (a : R) :
  f t <> 0 -> is_derive f t a -> is_derive (fun s : R => Rabs (f s)) t (sign (f t) * a).
Proof. intros H Hf. exact (is_derive_Rabs f t a Hf H). Qed.

(* Logarithms of powers and roots, exponentials of halves. *)
Lemma ln_power a n : 0 < a -> ln (a ^ n) = INR n * ln a.
Proof.
  intro H. induction n; [simpl; rewrite ln_1; ring|].
  rewrite S_INR. cbn [pow]. rewrite ln_mult, IHn; [ring | assumption | now apply pow_lt].
Qed.
Lemma ln_sqrt a : 0 < a -> ln (sqrt a) = ln a / 2.
Proof.
  intro H. pose proof (sqrt_lt_R0 a H).
  rewrite <- (sqrt_sqrt a) at 2 by lra. rewrite ln_mult by assumption. lra.
Qed.

(* Signs. *)
Ltac by_places := repeat match goal with |- context[Z.eqb ?a ?b] => destruct (Z.eqb a b) end.
Ltac positive ::= cbv beta; solve
  [ assumption | lra
  | match goal with
    | H : forall _ : Z, 0 < ?v _ |- 0 < ?v _ => apply H
    | H : forall _ _ : Z, 0 < ?v _ _ |- 0 < ?v _ _ => apply H
    end
  | lazymatch goal with
    | |- 0 < exp _ => apply exp_pos
    | |- 0 < sqrt _ => apply sqrt_lt_R0; positive
    | |- 0 < PI => apply PI_RGT_0
    | |- 0 < upd _ _ _ _ => unfold upd; by_places; positive
    | |- 0 < upd2 _ _ _ _ _ => unfold upd2, upd; by_places; positive
    | |- 0 < IZR _ => apply IZR_lt; lia
    | |- 0 < Sum _ _ _ => apply Sum_positive; [lia | intros; positive]
    | |- 0 < / _ => apply Rinv_0_lt_compat; positive
    | |- 0 < _ / _ => apply Rdiv_lt_0_compat; positive
    | |- 0 < _ * _ => apply Rmult_lt_0_compat; positive
    | |- 0 < _ ^ _ => apply pow_lt; positive
    | |- 0 < 1 - 1 / (1 + _) => apply below_one; positive
    | |- 0 < _ + _ => first [ apply Rplus_lt_le_0_compat; [positive | nonnegative]
                            | apply Rplus_le_lt_0_compat; [nonnegative | positive] ]
    end ].
Ltac nonnegative ::= cbv beta; solve
  [ lra | left; positive
  | lazymatch goal with
    | |- 0 <= Rabs _ => apply Rabs_pos
    | |- 0 <= sqrt _ => apply sqrt_pos
    | |- 0 <= _ ^ 2 => apply pow2_ge_0
    | |- 0 <= ?a * ?a => apply Rle_0_sqr
    | |- 0 <= IZR _ => apply IZR_le; lia
    | |- 0 <= Sum _ _ _ => apply Sum_nonnegative; intros; nonnegative
    | |- 0 <= _ * _ => apply Rmult_le_pos; nonnegative
    | |- 0 <= _ / _ => apply Rle_mult_inv_pos; [nonnegative | positive]
    | |- 0 <= _ + _ => apply Rplus_le_le_0_compat; nonnegative
    | |- context[delta ?a ?b] => destruct (delta_cases a b) as [[_ ->]|[_ ->]]; lra
    end ].

(* At a witness a number is computed, at each index of a sum. *)
Ltac apart := cbv beta; first
  [ nonzero
  | cbv [Sum first upd upd2 andb Z.to_nat Pos.to_nat Pos.iter_op Nat.add Z.sub Z.add Z.opp Pos.add
         Pos.succ Pos.add_carry Z.pos_sub Pos.pred_double Z.succ_double Z.double Z.pred_double
         Z.of_nat Pos.of_succ_nat];
    repeat match goal with |- context[Z.eqb ?a ?b] =>
      destruct (Z.eqb_spec a b); try (exfalso; lia)
    end;
    first [ apply Rlt_not_eq; lra | apply Rgt_not_eq; lra ] ].

(* Derivatives. *)
Ltac of_more_forms := lazymatch goal with
  | |- is_derive (fun t => / @?g t) _ _ => apply (d_inverse _ g); [nonzero | differentiate]
  | |- is_derive (fun t => sqrt (@?f t)) _ _ => apply (d_sqrt _ f); [positive | differentiate]
  | |- is_derive (fun t => Rabs (@?f t)) _ _ => apply (d_abs _ f); [apart | differentiate]
  | |- is_derive (fun t => sin (@?f t)) _ _ => apply (d_sin _ f); differentiate
  | |- is_derive (fun t => cos (@?f t)) _ _ => apply (d_cos _ f); differentiate
  | |- is_derive (fun t => atan (@?f t)) _ _ => apply (d_atan _ f); differentiate
  | |- is_derive (fun t => (@?f t) ^ 2) _ _ => by_form
  | |- is_derive (fun t => (@?f t) ^ S ?n) _ _ =>
      eapply (d_value _ (fun t => f t ^ S n));
      [apply (d_power _ n f); differentiate | cbn [INR]; reflexivity]
  | |- _ => by_form
  end.
Ltac differentiate ::= cbv beta; lazymatch goal with |- is_derive ?f _ _ =>
    tryif constant f then let c := eval cbv beta in (f 0) in apply (d_constant _ c)
    else of_more_forms
  end.

(* The first derivative, simplified: what is to be differentiated again. *)
Ltac first_derivative := unfold has_partial, has_partial2;
  eapply d_value; [differentiate | at_the_point; eapply eq_trans; [simplify | reflexivity]].
(* What holds at all numbers holds near one; so does what holds at those above zero near such. *)
Ltac nearby := first
  [ solve [apply filter_forall; intro; first_derivative]
  | refine (locally_open (fun t : R => 0 < t) _ (open_gt 0) _ _ _);
    [intros ? ?; first_derivative | positive] ].
Ltac second := unfold has_second, has_second2, has_second_slope; lazymatch goal with
  | |- exists _, locally _ _ /\ _ => eexists; split; [solve [nearby] |
      lazymatch goal with |- is_derive ?f ?a ?l => change (is_derive (fun t : R => f t) a l) end]
  | |- _ => idtac
  end.

(* Equations. *)
Ltac simplify_ln ::= first
  [ lazymatch goal with
    | |- ln (exp ?a) = _ => eapply eq_trans; [apply ln_exp | simplify]
    | |- ln (?a * ?b) = _ => eapply eq_trans; [apply ln_mult; positive | simplify]
    | |- ln (?a / ?b) = _ => eapply eq_trans; [apply ln_div; positive | simplify]
    | |- ln (/ ?a) = _ => eapply eq_trans; [apply ln_Rinv; positive | simplify]
    | |- ln (?a ^ ?n) = _ => eapply eq_trans; [apply (ln_power a n); positive | cbn [INR]; simplify]
    | |- ln (sqrt ?a) = _ => eapply eq_trans; [apply (ln_sqrt a); positive | simplify]
    end
  | parts (f_equal ln) ].
(* Exponentials of equal or opposite numbers, of one and its double or less a logarithm, are made
   of one. *)
Ltac align ::= repeat match goal with |- context[exp ?a] =>
    match goal with |- context[exp ?b] =>
      tryif constr_eq a b then fail else first
        [ replace (exp b) with (exp a) by (f_equal; lra)
        | replace (exp b) with (/ exp a) by (rewrite <- exp_Ropp; f_equal; lra)
        | replace (exp b) with (exp a * exp a) by (rewrite <- exp_plus; f_equal; lra)
        | lazymatch b with context[ln ?x] => replace (exp b) with (exp a / x) by
            (replace b with (a - ln x) by ring; rewrite exp_minus, exp_ln by positive; reflexivity)
          end ]
    end
  end.
(* A sum of products of sums is written as a sum of monomials in what the index is in, each with
   its factor before its own sum. *)
Ltac product_of p q := lazymatch p with
  | ?a + ?b => let x := product_of a q in let y := product_of b q in constr:(x + y)
  | _ => lazymatch q with
    | ?a + ?b => let x := product_of p a in let y := product_of p b in constr:(x + y)
    | _ => times p q
    end
  end.
Ltac divided p y := lazymatch p with
  | ?a + ?b => let x := divided a y in let z := divided b y in constr:(x + z)
  | _ => constr:(p / y)
  end.
Ltac monomials lo hi t := lazymatch t with
  | fun i => @?a i + @?b i =>
      let x := monomials lo hi a in let y := monomials lo hi b in constr:(x + y)
  | _ =>
      let c := under t ltac:(fun i b => let r := outer i b in exact r) in
      let g := under t ltac:(fun i b => let r := inner i b in exact r) in
      lazymatch c with fun _ => ?k => constr:(k * Sum lo hi g) end
  end.
Ltac expanded i b := lazymatch b with
  | context[i] => lazymatch b with
    | ?x + ?y => let p := expanded i x in let q := expanded i y in constr:(p + q)
    | ?x - ?y =>
        let p := expanded i x in let q := expanded i y in
        let r := product_of constr:(- (1)) q in constr:(p + r)
    | - ?x => let p := expanded i x in product_of constr:(- (1)) p
    | ?x * ?y => let p := expanded i x in let q := expanded i y in product_of p q
    | ?x / ?y => let p := expanded i x in divided p y
    | ?x ^ 2 => let p := expanded i x in product_of p p
    | Sum ?lo ?hi ?f =>
        let t := under f ltac:(fun j b => let r := expanded j b in exact r) in
        let m := monomials lo hi t in
        lazymatch m with 1 * _ => b | _ => expanded i m end
    | _ => b
    end
  | _ => b
  end.
Ltac one_by_one := lazymatch goal with
  | |- Sum ?lo ?hi (fun i => @?a i + @?b i) = _ + _ =>
      eapply eq_trans; [apply (Sum_plus lo hi a b) | apply f_equal2; one_by_one]
  | |- Sum ?lo ?hi _ = ?k * Sum _ _ ?g =>
      rewrite <- (Sum_times lo hi k g); apply Sum_ext; intros ? ?; cbv beta; unfold Rdiv;
      rewrite ?Rinv_mult; ring
  end.
Ltac spread := repeat match goal with |- context[Sum ?lo ?hi ?f] =>
    let t := under f ltac:(fun i b => let r := expanded i b in exact r) in
    lazymatch t with fun i => @?a i + @?b i => idtac end;
    let m := monomials lo hi t in
    replace (Sum lo hi f) with m by (symmetry; transitivity (Sum lo hi t);
      [apply Sum_ext; intros ? ?; cbv beta; first
        [unfold Rdiv; ring | spread; unfold Rdiv; ring] | one_by_one])
  end.
(* Two terms are about the same letters, if they are to be the same monomial. *)
Ltac same_letters f g := tryif match goal with
  | v : _ |- _ =>
      lazymatch f with
      | context[v] => lazymatch g with context[v] => fail | _ => idtac end
      | _ => lazymatch g with context[v] => idtac | _ => fail end
      end
  end then fail else idtac.
(* A sum of sums the other way round. *)
Ltac turned lo hi x y f :=
  let parts := under f ltac:(fun i b => each_sum b 1 ltac:(fun k u v h =>
    constr_eq x u; constr_eq y v; exact (k, h))) in
  lazymatch parts with fun i => (@?k i, @?h i) =>
    rewrite (Sum_turn lo hi x y f (fun _ => 0) k h) by (intros; cbv beta; unfold Rdiv; ring)
  end;
  rewrite (Sum_zero lo hi (fun _ => 0)), Rplus_0_l by reflexivity;
  apply Sum_ext; intros ? ?; cbv beta.
(* Each sum for a letter; one for those of the same monomial, its factors in another order. *)
Ltac gather depth :=
  repeat match goal with |- context[Sum ?lo ?hi ?f] =>
    let sum := fresh "sum" in let E := fresh in
    remember (Sum lo hi f) as sum eqn:E in |- *;
    try (assert (0 < sum) by (rewrite E; positive))
  end;
  repeat match goal with
    | E : ?a = Sum ?lo ?hi ?f, F : ?b = Sum ?lo ?hi ?g |- _ =>
      same_letters f g;
      let same := fresh in
      assert (b = a) as same
        by (rewrite E, F; apply Sum_ext; intros ? ?; cbv beta; first
          [ unfold Rdiv; ring
          | lazymatch depth with S ?less => in_monomials less end ]);
      clear F; subst b
    | E : ?a = Sum ?lo ?hi ?f, F : ?b = Sum ?x ?y ?g |- _ =>
      tryif (constr_eq lo x; constr_eq hi y) then fail else idtac;
      same_letters (Sum lo hi f) (Sum x y g);
      let same := fresh in
      assert (b = a) as same by (rewrite E, F; turned lo hi x y f; simplified; first
          [ unfold Rdiv; ring
          | lazymatch depth with S ?less => in_monomials less end ]);
      clear F; subst b
  end
(* Sums as sums of monomials; those with the same term at every member are counted. *)
with in_monomials depth :=
  spread; rewrite ?Sum_constant by lia; gather depth; rational.

(* A root is a number above zero with that square. *)
Ltac eta := repeat match goal with |- context[Sum ?lo ?hi ?v] =>
    lazymatch v with
    | fun _ => _ => fail
    | _ => change (Sum lo hi v) with (Sum lo hi (fun i : Z => v i))
    end
  end.
Ltac roots := eta; repeat match goal with |- context[sqrt ?e] =>
    let P := fresh in
    assert (0 < e) as P by positive;
    let S := fresh in let E := fresh in
    pose proof (sqrt_lt_R0 e P) as S; pose proof (pow2_sqrt e (Rlt_le _ _ P)) as E;
    let root := fresh "root" in
    generalize dependent (sqrt e); intros root S E
  end.
Ltac squared := repeat match goal with E : ?root ^ 2 = ?e |- context[?e] => rewrite <- E end.
Ltac solved_for := match goal with
  | E : ?root ^ 2 = ?a + ?b |- _ =>
      is_var a; let F := fresh in assert (a = root ^ 2 - b) as F by lra; clear E; subst a
  end.
Ltac no_slopes := lazymatch goal with
  | |- context[partial] => simplified
  | |- context[partial2] => simplified
  | |- context[Derive] => simplified
  | |- _ => idtac
  end.
Ltac rooted := lazymatch goal with |- context[sqrt _] => no_slopes; roots; first
  [ simplified; first [rational | in_monomials 2%nat]
  | squared; simplified; first [rational | in_monomials 2%nat]
  | squared; solved_for; simplified; first [rational | in_monomials 2%nat] ]
  end.

(* A number under |.| is a letter first; then its sign is asked, if it is not one at each index. *)
Ltac split_on_signs := repeat match goal with |- context[Rabs ?a] =>
    let E := fresh in destruct (Rcase_abs a) as [E|E];
    [rewrite ?(Rabs_left a E) | rewrite ?(Rabs_right a E)]; try (exfalso; lra)
  end.
Ltac signs ::= lazymatch goal with
  | |- context[Rabs _] => first [ solve [simplified; settle 1%nat] | split_on_signs; decided ]
  | |- _ => decided
  end.

(* Sums of one range as one sum whose terms are zero, where fields are enough for that. *)
Ltac joined := to_zero; join; apply join_end; [intros ? ?; cbv beta |]; rational.

(* A sum of products with a sum goes the other way round. *)
Ltac vanishes r := lazymatch r with
  | 0 => idtac
  | ?a * ?b => first [ vanishes a | vanishes b ]
  | ?a / _ => vanishes a
  | - ?a => vanishes a
  end.
Ltac turn_factor := lazymatch goal with |- ?e = 0 => each_sum e 1 ltac:(fun _ lo hi f =>
    let parts := under f ltac:(fun i b => each_sum b 1 ltac:(fun k x y h =>
      let p := eval pattern (Sum x y h) in b in
      lazymatch p with ?F _ =>
        let rest := eval cbv beta in (F 0) in
        vanishes rest; exact (k, x, y, h)
      end)) in
    lazymatch parts with fun i => (@?k i, ?x, ?y, @?h i) =>
      rewrite (Sum_turn lo hi x y f (fun _ => 0) k h) by (intros; cbv beta; unfold Rdiv; ring);
      simplified
    end) end.
Ltac turned_once :=
  to_zero; turn_factor; first [ solve [settle 2%nat] | solve [in_monomials 2%nat] ].

Ltac equation ::= first
  [ reflexivity
  | rooted
  | lazymatch goal with |- Sum ?lo ?hi _ = Sum ?lo ?hi _ =>
      apply Sum_ext; intros ? ?; cbv beta; solve [equation] end
  | simplified; first
      [ rational
      | joined
      | lazymatch goal with
        | |- context[delta] => first [ solve [settle 4%nat] | in_monomials 2%nat ]
        | |- _ => first [ solve [turned_once] | solve [in_monomials 2%nat] | settle 4%nat ]
        end ]
  | logarithms
  | to_zero; turn any; solve [settle 3%nat] ].

Ltac proved := intros;
  repeat lazymatch goal with |- _ /\ _ => split end;
  intros; second; holds.

(* At numbers. *)
Ltac signs_known := repeat match goal with |- context[sign ?a] =>
    first [ rewrite (sign_eq_1 a) by lra | rewrite (sign_eq_m1 a) by lra ]
  end.
Ltac different ::= slopes_taken; computed; signs_known; decided; first
  [ apply Rlt_not_eq; interval with (i_prec 40) | apply Rgt_not_eq; interval with (i_prec 40)
  | apply Rlt_not_eq; lra | apply Rgt_not_eq; lra ].
Ltac above_zero := intros; cbv beta; by_places; cbv [andb]; lra.
Ltac refuted :=
  repeat (split; [ lazymatch goal with
    | |- 0 < _ => above_zero
    | |- forall _ : Z, 0 < _ => above_zero
    | |- forall _ _ : Z, 0 < _ => above_zero
    | |- _ => side_condition
    end | ]);
  lazymatch goal with
  | |- exists _, _ /\ _ => eexists; split; [second; unfold has_partial, has_partial2; differentiate
                                           | at_the_point; different]
  | |- _ => falls
  end.
