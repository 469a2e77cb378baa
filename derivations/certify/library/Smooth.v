(* What smooth functions need besides: roots, powers, pi, numbers above zero, second derivatives.

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

(* Signs. *)
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
    | |- 0 < upd _ _ _ _ => unfold upd; destruct Z.eqb; positive
    | |- 0 < upd2 _ _ _ _ _ => unfold upd2, upd; repeat destruct Z.eqb; positive
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

(* Derivatives. *)
Ltac of_more_forms := lazymatch goal with
  | |- is_derive (fun t => / @?g t) _ _ => apply (d_inverse _ g); [nonzero | differentiate]
  | |- is_derive (fun t => sqrt (@?f t)) _ _ => apply (d_sqrt _ f); [positive | differentiate]
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

(* What holds at all numbers holds near one; so does what holds at those above zero near such. *)
Ltac nearby := first
  [ apply filter_forall; intro
  | refine (locally_open (fun t : R => 0 < t) _ (open_gt 0) _ _ _); [intros ? ? | positive] ].
(* The first derivative near a point, simplified: what is to be differentiated again. *)
Ltac first_derivative := unfold has_partial, has_partial2;
  eapply d_value; [differentiate | at_the_point; eapply eq_trans; [simplify | reflexivity]].
Ltac second := unfold has_second, has_second2, has_second_slope; lazymatch goal with
  | |- exists _, locally _ _ /\ _ => eexists; split; [solve [nearby; first_derivative] |]
  | |- _ => idtac
  end.

(* Equations. *)
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
    | _ => b
    end
  | _ => b
  end.
Ltac monomials lo hi t := lazymatch t with
  | fun i => @?a i + @?b i =>
      let x := monomials lo hi a in let y := monomials lo hi b in constr:(x + y)
  | _ =>
      let c := under t ltac:(fun i b => let r := outer i b in exact r) in
      let g := under t ltac:(fun i b => let r := inner i b in exact r) in
      lazymatch c with fun _ => ?k => constr:(k * Sum lo hi g) end
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
      [apply Sum_ext; intros ? ?; cbv beta; unfold Rdiv; ring | one_by_one])
  end.
(* The same monomial, its factors in another order. *)
Ltac gather := repeat match goal with |- context[Sum ?lo ?hi ?f] =>
    match goal with |- context[Sum lo hi ?g] =>
      tryif constr_eq f g then fail else
        replace (Sum lo hi g) with (Sum lo hi f)
          by (apply Sum_ext; intros ? ?; cbv beta; unfold Rdiv; ring)
    end
  end.

(* Sums as sums of monomials; those with the same term at every member are counted. *)
Ltac in_monomials := spread; gather; rewrite ?Sum_constant by lia; rational.

Ltac equation ::= first
  [ reflexivity
  | lazymatch goal with |- Sum ?lo ?hi _ = Sum ?lo ?hi _ =>
      apply Sum_ext; intros ? ?; cbv beta; solve [equation] end
  | simplified; first [ rational | solve [settle 4%nat] | in_monomials ]
  | logarithms
  | to_zero; turn any; solve [settle 3%nat] ].

Ltac proved := intros;
  repeat lazymatch goal with |- _ /\ _ => split end;
  intros; second; holds.

(* At numbers. *)
Ltac different ::= slopes_taken; computed; decided; first
  [ apply Rlt_not_eq; interval with (i_prec 40) | apply Rgt_not_eq; interval with (i_prec 40)
  | apply Rlt_not_eq; lra | apply Rgt_not_eq; lra ].
Ltac above_zero := intros; cbv beta; repeat match goal with
    |- context[Z.eqb ?a ?b] => destruct (Z.eqb a b)
  end; cbv [andb]; lra.
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
