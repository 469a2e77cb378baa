(* Proof by computation: derivatives by rule, sums simplified from the inside out, fields.

   Nothing in here is trusted: a tactic only finds a proof, which Coq then checks. *)
Require Import Reals ZArith Lra Lia.
From Coquelicot Require Import Coquelicot.
From Certify Require Import Sums Derivatives.
Open Scope R_scope.

(* An index is in its range: by arithmetic, or since it is an entry of a list of words. *)
Ltac member :=
  solve [ assumption | lia
        | match goal with H : forall _ : Z, _ |- (_ <= _ <= _)%Z => apply H; member end ].

(* Signs. *)
Lemma delta_nonnegative a b : 0 <= delta a b.
Proof. destruct (delta_cases a b) as [[_ ->]|[_ ->]]; lra. Qed.
Lemma other_nonnegative a b : 0 <= 1 - delta a b.
Proof. destruct (delta_cases a b) as [[_ ->]|[_ ->]]; lra. Qed.
Lemma inverse_positive x : 0 < x -> 0 < 1 / x.
Proof. intro. apply Rdiv_lt_0_compat; lra. Qed.
Lemma below_one x y : 0 < x -> 0 < y -> 0 < 1 - x / (x + y).
Proof.
  intros. replace (1 - x / (x + y)) with (y / (x + y)) by (field; lra).
  apply Rdiv_lt_0_compat; lra.
Qed.
Lemma below_one_inverse y : 0 < y -> 0 < 1 - 1 / (1 + y).
Proof. intro. apply below_one; lra. Qed.

Ltac positive := cbv beta; solve
  [ assumption | lra
  | lazymatch goal with
    | |- 0 < exp _ => apply exp_pos
    | |- 0 < IZR _ => apply IZR_lt; lia
    | |- 0 < Sum _ _ _ => apply Sum_positive; [lia | intros; positive]
    | |- 0 < / _ => apply Rinv_0_lt_compat; positive
    | |- 0 < _ / _ => apply Rdiv_lt_0_compat; positive
    | |- 0 < _ * _ => apply Rmult_lt_0_compat; positive
    | |- 0 < _ ^ _ => apply pow_lt; positive
    | |- 0 < 1 - 1 / (1 + _) => apply below_one_inverse; positive
    | |- 0 < _ + _ => first [ apply Rplus_lt_le_0_compat; [positive | nonnegative]
                            | apply Rplus_le_lt_0_compat; [nonnegative | positive] ]
    end ]
with nonnegative := cbv beta; solve
  [ lra | left; positive
  | lazymatch goal with
    | |- 0 <= delta _ _ => apply delta_nonnegative
    | |- 0 <= 1 - delta _ _ => apply other_nonnegative
    | |- 0 <= Rabs _ => apply Rabs_pos
    | |- 0 <= IZR _ => apply IZR_le; lia
    | |- 0 <= Sum _ _ _ => apply Sum_nonnegative; intros; nonnegative
    | |- 0 <= _ * _ => apply Rmult_le_pos; nonnegative
    | |- 0 <= _ / _ => apply Rle_mult_inv_pos; [nonnegative | positive]
    | |- 0 <= _ + _ => apply Rplus_le_le_0_compat; nonnegative
    end ].
Ltac nonzero := cbv beta; solve
  [ assumption | apply Rgt_not_eq, Rlt_gt; positive
  | apply Rmult_integral_contrapositive_currified; nonzero
  | apply Rinv_neq_0_compat; nonzero ].

(* Derivatives, by the form of the function: the value is found on the way. *)
Ltac constant f :=
  let c := eval cbv beta in (f 0) in
  let g := eval cbv beta in (fun t : R => f t) in
  constr_eq g (fun _ : R => c).
Ltac differentiate := cbv beta; lazymatch goal with |- is_derive ?f _ _ =>
    tryif constant f then let c := eval cbv beta in (f 0) in apply (d_constant _ c)
    else by_form
  end
with by_form := lazymatch goal with
  | |- is_derive (fun t => t) _ _ => apply d_variable
  | |- is_derive (fun t => upd ?v ?j t ?i) _ _ => apply (d_upd _ v j i)
  | |- is_derive (fun t => upd2 ?U ?x ?j t ?w ?i) _ _ => apply (d_upd2 _ U x j w i)
  | |- is_derive (fun t => - @?f t) _ _ => apply (d_opp _ f); differentiate
  | |- is_derive (fun t => @?f t + @?g t) _ _ => apply (d_plus _ f g); differentiate
  | |- is_derive (fun t => @?f t - @?g t) _ _ => apply (d_minus _ f g); differentiate
  | |- is_derive (fun t => @?f t * @?g t) _ _ =>
      tryif constant f
      then let c := eval cbv beta in (f 0) in apply (d_scaled _ c g); differentiate
      else tryif constant g
      then let c := eval cbv beta in (g 0) in apply (d_scaled_right _ c f); differentiate
      else (apply (d_times _ f g); differentiate)
  | |- is_derive (fun t => @?f t / @?g t) _ _ =>
      tryif constant g
      then let c := eval cbv beta in (g 0) in apply (d_over _ c f); differentiate
      else (apply (d_quotient _ f g); [nonzero | differentiate | differentiate])
  | |- is_derive (fun t => / @?g t) _ _ => apply (d_inverse _ g); [nonzero | differentiate]
  | |- is_derive (fun t => ln (@?f t)) _ _ => apply (d_ln _ f); [positive | differentiate]
  | |- is_derive (fun t => exp (@?f t)) _ _ => apply (d_exp _ f); differentiate
  | |- is_derive (fun t => (@?f t) ^ 2) _ _ => apply (d_square _ f); differentiate
  | |- is_derive (fun t => Sum ?lo ?hi (@?f t)) ?p _ =>
      refine (d_Sum p lo hi (fun i t => f t i) _ _); intros ? ?; differentiate
  | |- _ => arbitrary_function
  end
(* An arbitrary function has the partial derivatives that the hypotheses give it. *)
with arbitrary_function := match goal with
  | H : _ |- is_derive (fun t => ?F (upd2 ?U ?x ?i t)) (?U ?x ?i) _ =>
      apply (Derive_correct (fun t => F (upd2 U x i t))), H
  | H : _ |- is_derive (fun t => ?F (upd2 ?V ?x ?i t ?w) ?U) (?V ?x ?i) _ =>
      apply (d_row (fun v => F v U)); intros; apply H
  end.

(* The value of a derivative, at the point itself. *)
Ltac at_the_point := cbv beta; rewrite ?upd_same, ?upd2_same.
Ltac derivative := eapply d_value; [differentiate | at_the_point; reflexivity].

(* Equations [e = ?v]: e is simplified, from the inside out, to what v then is. *)
Lemma sum_of a b c d : a = b -> c = d -> a + c = b + d. Proof. congruence. Qed.
Lemma difference_of a b c d : a = b -> c = d -> a - c = b - d. Proof. congruence. Qed.
Lemma product_of a b c d : a = b -> c = d -> a * c = b * d. Proof. congruence. Qed.
Lemma quotient_of a b c d : a = b -> c = d -> a / c = b / d. Proof. congruence. Qed.
Lemma opposite_of a b : a = b -> - a = - b. Proof. congruence. Qed.
Lemma inverse_of a b : a = b -> / a = / b. Proof. congruence. Qed.
Lemma power_of a b n : a = b -> a ^ n = b ^ n. Proof. congruence. Qed.
Lemma exp_of a b : a = b -> exp a = exp b. Proof. congruence. Qed.
Lemma ln_of a b : a = b -> ln a = ln b. Proof. congruence. Qed.
Lemma over_one a : a / 1 = a. Proof. field. Qed.
Lemma zero_over a : 0 / a = 0. Proof. unfold Rdiv. ring. Qed.
Lemma zero_minus a : 0 - a = - a. Proof. ring. Qed.
Lemma exp_minus a b : exp (a - b) = exp a / exp b.
Proof. unfold Rminus, Rdiv. now rewrite exp_plus, exp_Ropp. Qed.
Lemma ln_over a b : 0 < a -> 0 < b -> ln (a / b) = ln a - ln b.
Proof.
  intros. unfold Rdiv. rewrite ln_mult, ln_Rinv; auto. now apply Rinv_0_lt_compat.
Qed.
Lemma delta_injective (n : Z -> Z) a b : (n a = n b -> a = b) -> delta (n a) (n b) = delta a b.
Proof.
  intro H. destruct (delta_cases a b) as [[E ->]|[E ->]].
  - apply delta_equal. congruence.
  - apply delta_other. auto.
Qed.

Ltac fold_zeros := lazymatch goal with
  | |- 0 + ?a = _ => apply Rplus_0_l
  | |- ?a + 0 = _ => apply Rplus_0_r
  | |- ?a - 0 = _ => apply Rminus_0_r
  | |- 0 - ?a = _ => apply zero_minus
  | |- 0 * ?a = _ => apply Rmult_0_l
  | |- ?a * 0 = _ => apply Rmult_0_r
  | |- 1 * ?a = _ => apply Rmult_1_l
  | |- ?a * 1 = _ => apply Rmult_1_r
  | |- ?a / 1 = _ => apply over_one
  | |- 0 / ?a = _ => apply zero_over
  | |- - 0 = _ => apply Ropp_0
  | |- - - ?a = _ => apply Ropp_involutive
  | |- / / ?a = _ => apply Rinv_inv
  | |- exp 0 = _ => apply exp_0
  | |- ln 1 = _ => apply ln_1
  | |- _ => reflexivity
  end.

(* What the hypotheses say of two words. *)
Ltac delta_known := match goal with
  | |- delta ?a ?a = _ => apply delta_same
  | H : ?a <> ?b |- delta ?a ?b = _ => exact (delta_other a b H)
  | H : ?b <> ?a |- delta ?a ?b = _ => exact (delta_other a b (not_eq_sym H))
  | H : forall _, _ -> _ <> _ |- delta ?a ?b = _ => apply (delta_other a b), H; member
  | H : forall _, _ -> _ <> _ |- delta ?a ?b = _ =>
      apply (delta_other a b), not_eq_sym, H; member
  | H : forall _, _ -> forall _, _ -> _ = _ -> _ = _ |- delta (?n ?a) (?n ?b) = _ =>
      eapply eq_trans; [apply (delta_injective n a b), H; member | delta_known]
  | |- delta ?a ?b = _ => apply (delta_other a b); lia
  | |- _ => reflexivity
  end.

(* The factors of b that i is in, and those it is not in. *)
Ltac times a b := lazymatch a with 1 => b | _ => lazymatch b with 1 => a | _ => constr:(a * b) end end.
Ltac over a b := lazymatch b with 1 => a | _ => constr:(a / b) end.
Ltac outer i b := lazymatch b with
  | ?x * ?y => let p := outer i x in let q := outer i y in times p q
  | ?x / ?y => let p := outer i x in let q := outer i y in over p q
  | - ?x => let p := outer i x in constr:(- p)
  | _ => lazymatch b with context[i] => constr:(1) | _ => b end
  end.
Ltac inner i b := lazymatch b with
  | ?x * ?y => let p := inner i x in let q := inner i y in times p q
  | ?x / ?y => let p := inner i x in let q := inner i y in over p q
  | - ?x => inner i x
  | _ => lazymatch b with context[i] => b | _ => constr:(1) end
  end.

(* Factors that the index is not in come out of a sum. A name of its own for the index: one that
   the goal uses as well would be taken for it. *)
Ltac pull := lazymatch goal with |- Sum ?lo ?hi ?f = _ =>
    let c := constr:(fun the_index : Z => ltac:(let b := eval cbv beta in (f the_index) in
                                                let r := outer the_index b in exact r)) in
    let g := constr:(fun the_index : Z => ltac:(let b := eval cbv beta in (f the_index) in
                                                let r := inner the_index b in exact r)) in
    lazymatch c with
    | fun _ => 1 => reflexivity
    | fun _ => ?k =>
        transitivity (k * Sum lo hi g);
        [ rewrite <- (Sum_times lo hi k g); apply Sum_ext; intros ? ?; cbv beta;
          unfold Rdiv; rewrite ?Rinv_mult; ring
        | reflexivity ]
    end
  end.

(* A delta of the index and something else picks a member. *)
Ltac picks simplify := lazymatch goal with |- Sum ?lo ?hi ?f = _ =>
    lazymatch f with context[delta] => idtac end;
    let J := constr:(fun the_index : Z => ltac:(
      let b := eval cbv beta in (f the_index) in
      match b with
      | context[delta the_index ?j] => lazymatch j with context[the_index] => fail | _ => exact j end
      | context[delta ?j the_index] => lazymatch j with context[the_index] => fail | _ => exact j end
      end)) in
    lazymatch J with fun _ => ?j =>
      let F := constr:(fun (the_index : Z) (the_delta : R) => ltac:(
        let b := eval cbv beta in (f the_index) in
        let p := eval pattern (delta the_index j) in b in
        lazymatch p with ?G _ =>
          let c := eval cbv beta in (G the_delta) in
          let q := eval pattern (delta j the_index) in c in
          lazymatch q with ?G' _ => let r := eval cbv beta in (G' the_delta) in exact r end
        end)) in
      eapply eq_trans;
      [ transitivity (Sum lo hi (fun i => F i (delta i j)));
        [ apply Sum_ext; intros; cbv beta; rewrite ?(delta_symmetric j); reflexivity
        | apply (Sum_picks lo hi F j); member ]
      | cbv beta; simplify ]
    end
  end.

Ltac simplify := cbv beta; lazymatch goal with
  | |- Sum ?lo ?hi ?f = _ =>
      eapply eq_trans; [apply Sum_ext; intros ? ?; simplify | cbv beta; simplify_sum]
  | |- _ + _ = _ => eapply eq_trans; [apply sum_of; simplify | fold_zeros]
  | |- _ - _ = _ => eapply eq_trans; [apply difference_of; simplify | fold_zeros]
  | |- _ * _ = _ => eapply eq_trans; [apply product_of; simplify | fold_zeros]
  | |- _ / _ = _ => eapply eq_trans; [apply quotient_of; simplify | fold_zeros]
  | |- - _ = _ => eapply eq_trans; [apply opposite_of; simplify | fold_zeros]
  | |- / _ = _ => eapply eq_trans; [apply inverse_of; simplify | fold_zeros]
  | |- _ ^ _ = _ => apply power_of; simplify
  | |- delta _ _ = _ => delta_known
  | |- exp (ln ?a) = _ => eapply eq_trans; [apply exp_ln; positive | simplify]
  | |- exp (?a + ?b) = _ => eapply eq_trans; [apply exp_plus | simplify]
  | |- exp (?a - ?b) = _ => eapply eq_trans; [apply exp_minus | simplify]
  | |- exp (- ?a) = _ => eapply eq_trans; [apply exp_Ropp | simplify]
  | |- exp _ = _ => eapply eq_trans; [apply exp_of; simplify | fold_zeros]
  | |- ln _ = _ => simplify_ln
  | |- partial _ _ _ = _ => simplify_slope
  | |- partial2 _ _ _ _ = _ => simplify_slope
  | |- Derive _ _ = _ => simplify_slope
  | |- _ => reflexivity
  end
with simplify_sum := first
  [ lazymatch goal with |- Sum _ _ (fun _ => 0) = _ => apply Sum_zero; reflexivity end
  | picks simplify
  | pull
  | reflexivity ]
with simplify_slope := first
  [ eapply eq_trans;
    [ apply is_derive_unique; derivative
    | lazymatch goal with |- Derive _ _ = _ => reflexivity | |- _ => simplify end ]
  | reflexivity ]
with simplify_ln := first
  [ lazymatch goal with
    | |- ln (exp ?a) = _ => eapply eq_trans; [apply ln_exp | simplify]
    | |- ln (?a * ?b) = _ => eapply eq_trans; [apply ln_mult; positive | simplify]
    | |- ln (?a / ?b) = _ => eapply eq_trans; [apply ln_over; positive | simplify]
    | |- ln (/ ?a) = _ => eapply eq_trans; [apply ln_Rinv; positive | simplify]
    end
  | eapply eq_trans; [apply ln_of; simplify | fold_zeros] ].

Ltac simplified := eapply eq_trans; [simplify | symmetry; eapply eq_trans; [simplify | symmetry]].

(* An equation of fields, the sums in it taken for letters. *)
Ltac rational := solve [ reflexivity | ring | field; repeat split; nonzero ].

(* Sums of one range that stand in an equation [e = 0] linearly become one sum: all its terms are
   zero, and so is the rest. *)
Lemma join_start lo hi e : e + Sum lo hi (fun _ => 0) = 0 -> e = 0.
Proof. rewrite (Sum_zero lo hi (fun _ => 0)), Rplus_0_r; auto. Qed.
Lemma join_one lo hi e rest k f g :
  e = rest + k * Sum lo hi f -> rest + Sum lo hi (fun i => g i + k * f i) = 0 ->
  e + Sum lo hi g = 0.
Proof. intros -> <-. rewrite Sum_plus, Sum_times. ring. Qed.
Lemma join_end lo hi e g :
  (forall i, (lo <= i <= hi)%Z -> g i = 0) -> e = 0 -> e + Sum lo hi g = 0.
Proof. intros H ->. rewrite Sum_zero; auto. ring. Qed.

Ltac join_more := match goal with
  |- ?e + Sum ?lo ?hi ?g = 0 =>
    match e with context[Sum lo hi ?f] =>
      let p := eval pattern (Sum lo hi f) in e in
      lazymatch p with ?F _ =>
        let at0 := eval cbv beta in (F 0) in
        let at1 := eval cbv beta in (F 1) in
        apply (join_one lo hi e at0 (at1 - at0) f g);
        [ generalize (Sum lo hi f); intro; rational | cbv beta ]
      end
    end
  end.
Ltac join := lazymatch goal with |- ?e = 0 =>
    match e with context[Sum ?lo ?hi ?f] =>
      apply (join_start lo hi); join_more; repeat join_more
    end
  end.

(* By whether two words are the same. *)
Ltac cases := match goal with |- context[delta ?a ?b] =>
    let E := fresh in let D := fresh in
    destruct (delta_cases a b) as [[E D]|[E D]]; rewrite ?D, ?(delta_symmetric b a), ?D;
    [ first [rewrite E in * |- * | rewrite E | subst] | ]; clear D
  end.

(* Exponentials of equal or opposite numbers are made the same. *)
Ltac align := repeat match goal with |- context[exp ?a] =>
    match goal with |- context[exp ?b] =>
      tryif constr_eq a b then fail else first
        [ replace (exp b) with (exp a) by (f_equal; ring)
        | replace (exp b) with (/ exp a) by (rewrite <- exp_Ropp; f_equal; ring) ]
    end
  end.

Ltac settle depth :=
  first
  [ rational
  | lazymatch depth with S ?less => first
      [ lazymatch goal with |- Sum ?lo ?hi _ = Sum ?lo ?hi _ => apply Sum_ext; intros ? ? end;
        solve [settle less]
      | lazymatch goal with |- _ = 0 => idtac | |- _ => apply Rminus_diag_uniq end;
        join; apply join_end; [intros ? ?; cbv beta; solve [settle less] | solve [settle less]]
      | progress align; solve [settle less]
      | cases; simplified; solve [settle less]
      ] end ].

Ltac holds := intros;
  repeat lazymatch goal with |- _ /\ _ => split end;
  intros;
  lazymatch goal with
  | |- has_partial _ _ _ _ => unfold has_partial; eapply d_value; [differentiate | at_the_point]
  | |- has_partial2 _ _ _ _ _ => unfold has_partial2; eapply d_value; [differentiate | at_the_point]
  | |- is_derive _ _ _ => eapply d_value; [differentiate | at_the_point]
  | |- ex_partial _ _ _ => eexists; differentiate
  | |- ex_partial2 _ _ _ _ => eexists; differentiate
  | |- ex_derive _ _ => eexists; differentiate
  | |- _ => idtac
  end;
  lazymatch goal with |- _ = _ => subst; simplified; settle 4%nat | |- _ => idtac end.
