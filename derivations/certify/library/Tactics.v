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
Lemma below_one y : 0 < y -> 0 < 1 - 1 / (1 + y).
Proof.
  intro. replace (1 - 1 / (1 + y)) with (y / (1 + y)) by (field; lra).
  apply Rdiv_lt_0_compat; lra.
Qed.
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
    | |- 0 < 1 - 1 / (1 + _) => apply below_one; positive
    | |- 0 < _ + _ => first [ apply Rplus_lt_le_0_compat; [positive | nonnegative]
                            | apply Rplus_le_lt_0_compat; [nonnegative | positive] ]
    end ]
with nonnegative := cbv beta; solve
  [ lra | left; positive
  | lazymatch goal with
    | |- 0 <= Rabs _ => apply Rabs_pos
    | |- 0 <= IZR _ => apply IZR_le; lia
    | |- 0 <= Sum _ _ _ => apply Sum_nonnegative; intros; nonnegative
    | |- 0 <= _ * _ => apply Rmult_le_pos; nonnegative
    | |- 0 <= _ / _ => apply Rle_mult_inv_pos; [nonnegative | positive]
    | |- 0 <= _ + _ => apply Rplus_le_le_0_compat; nonnegative
    | |- context[delta ?a ?b] => destruct (delta_cases a b) as [[_ ->]|[_ ->]]; lra
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
  | |- is_derive (fun t => @?f t * @?g t) _ _ => apply (d_times _ f g); differentiate
  | |- is_derive (fun t => @?f t / @?g t) _ _ =>
      tryif constant g
      then let c := eval cbv beta in (g 0) in apply (d_over _ c f); differentiate
      else (apply (d_quotient _ f g); [nonzero | differentiate | differentiate])
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
      lazymatch type of H with context[ex_partial2] => idtac end;
      apply (Derive_correct (fun t => F (upd2 U x i t))); apply H
  | H : _ |- is_derive (fun t => ?F (upd2 ?V ?x ?i t ?w) ?U) (?V ?x ?i) _ =>
      lazymatch type of H with context[ex_partial] => idtac end;
      apply (d_row (fun v => F v U)); intros; apply H
  end.

(* The value of a derivative, at the point itself. *)
Ltac at_the_point := cbv beta; rewrite ?upd_same, ?upd2_same.
Ltac derivative := eapply d_value; [differentiate | at_the_point; reflexivity].

(* Equations [e = ?v]: e is simplified, from the inside out, to what v then is. *)
Lemma added_again a b : a + (b + - a) = b. Proof. ring. Qed.
Lemma zero_over a : 0 / a = 0. Proof. unfold Rdiv. ring. Qed.
Lemma one_minus_two : 1 - 2 = - (1). Proof. ring. Qed.
Lemma minus_one_times a : - (1) * a = - a. Proof. ring. Qed.
Lemma exp_minus a b : exp (a - b) = exp a / exp b.
Proof. unfold Rminus, Rdiv. now rewrite exp_plus, exp_Ropp. Qed.
Lemma delta_injective (n : Z -> Z) a b : (n a = n b -> a = b) -> delta (n a) (n b) = delta a b.
Proof.
  intro. unfold delta. destruct (Z.eqb_spec (n a) (n b)), (Z.eqb_spec a b); intuition congruence.
Qed.

Ltac fold_zeros := lazymatch goal with
  | |- 0 + ?a = _ => apply Rplus_0_l
  | |- ?a + 0 = _ => apply Rplus_0_r
  | |- ?a - 0 = _ => apply Rminus_0_r
  | |- 0 - ?a = _ => apply Rminus_0_l
  | |- 0 * ?a = _ => apply Rmult_0_l
  | |- ?a * 0 = _ => apply Rmult_0_r
  | |- 1 * ?a = _ => apply Rmult_1_l
  | |- ?a * 1 = _ => apply Rmult_1_r
  | |- ?a / 1 = _ => apply Rdiv_1
  | |- 0 / ?a = _ => apply zero_over
  | |- - 0 = _ => apply Ropp_0
  | |- ?a - ?a = _ => apply Rminus_diag_eq; reflexivity
  | |- 1 - 2 = _ => apply one_minus_two
  | |- - (1) * ?a = _ => apply minus_one_times
  | |- - - ?a = _ => apply Ropp_involutive
  | |- / / ?a = _ => apply Rinv_inv
  | |- exp 0 = _ => apply exp_0
  | |- ln 1 = _ => apply ln_1
  | |- / ?a * ?a = _ => first [ apply Rinv_l; nonzero | reflexivity ]
  | |- ?a + (_ + - ?a) = _ => apply added_again
  | |- _ => reflexivity
  end.

(* What the hypotheses say of two words. *)
Ltac delta_known := match goal with
  | |- delta ?a ?a = _ => apply delta_same
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

(* A sum that has the same term at every member. *)
Ltac count := lazymatch goal with
  | |- Sum ?lo ?hi (fun _ => 1) = _ => eapply eq_trans; [apply Sum_constant; lia | fold_zeros]
  | |- _ => reflexivity
  end.

(* A function of the index of a sum, made of the index and the term. *)
Ltac under f made := let i := fresh "index" in
  constr:(fun i : Z => ltac:(let b := eval cbv beta in (f i) in made i b)).

(* Factors that the index is not in come out of a sum. *)
Ltac pull := lazymatch goal with |- Sum ?lo ?hi ?f = _ =>
    let c := under f ltac:(fun i b => let r := outer i b in exact r) in
    let g := under f ltac:(fun i b => let r := inner i b in exact r) in
    lazymatch c with
    | fun _ => 1 => count
    | fun _ => ?k =>
        transitivity (k * Sum lo hi g);
        [ rewrite <- (Sum_times lo hi k g); apply Sum_ext; intros ? ?; cbv beta;
          unfold Rdiv; rewrite ?Rinv_mult; ring
        | eapply eq_trans; [apply (f_equal2 Rmult); [reflexivity | count] | fold_zeros] ]
    end
  end.

(* A delta of the index and something else picks a member. *)
Ltac picks simplify := lazymatch goal with |- Sum ?lo ?hi ?f = _ =>
    lazymatch f with context[delta] => idtac end;
    let J := under f ltac:(fun i b => match b with
      | context[delta i ?j] => lazymatch j with context[i] => fail | _ => exact j end
      | context[delta ?j i] => lazymatch j with context[i] => fail | _ => exact j end
      end) in
    lazymatch J with fun _ => ?j =>
      let F := under f ltac:(fun i b =>
        let p := eval pattern (delta i j), (delta j i) in b in
        lazymatch p with ?G _ _ => exact (fun d : R => G d d) end) in
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
  | |- _ + _ = _ => parts (f_equal2 Rplus)
  | |- _ - _ = _ => parts (f_equal2 Rminus)
  | |- 0 * _ = _ => apply Rmult_0_l
  | |- _ * _ = _ => parts (f_equal2 Rmult)
  | |- _ / _ = _ => parts (f_equal2 Rdiv)
  | |- - _ = _ => parts (f_equal Ropp)
  | |- / _ = _ => parts (f_equal Rinv)
  | |- _ ^ _ = _ => parts (f_equal2 pow)
  | |- delta _ _ = _ => delta_known
  | |- exp (ln ?a) = _ => eapply eq_trans; [apply exp_ln; positive | simplify]
  | |- exp (?a + ?b) = _ => eapply eq_trans; [apply exp_plus | simplify]
  | |- exp (?a - ?b) = _ => eapply eq_trans; [apply exp_minus | simplify]
  | |- exp (- ?a) = _ => eapply eq_trans; [apply exp_Ropp | simplify]
  | |- exp _ = _ => parts (f_equal exp)
  | |- ln _ = _ => simplify_ln
  | |- partial _ _ _ = _ => simplify_slope
  | |- partial2 _ _ _ _ = _ => simplify_slope
  | |- Derive _ _ = _ => simplify_slope
  | |- _ => reflexivity
  end
with parts equal := eapply eq_trans; [apply equal; simplify | fold_zeros]
with simplify_sum :=
  lazymatch goal with
  | |- Sum _ _ (fun _ => _) = _ => idtac
  | |- Sum ?lo ?hi ?f = _ => eapply (eq_trans (y := Sum lo hi (fun i => f i))); [reflexivity |]
  end;
  first
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
    | |- ln (?a / ?b) = _ => eapply eq_trans; [apply ln_div; positive | simplify]
    | |- ln (/ ?a) = _ => eapply eq_trans; [apply ln_Rinv; positive | simplify]
    end
  | parts (f_equal ln) ].

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

(* The sums that stand in e as terms or as factors of terms, one after the other, and by how much
   each is multiplied. *)
Ltac each_sum e k found := match e with
  | Sum ?lo ?hi ?f => found k lo hi f
  | ?a + _ => each_sum a k found
  | _ + ?a => each_sum a k found
  | ?a - _ => each_sum a k found
  | _ - ?a => each_sum a constr:(- k) found
  | ?a * ?b => each_sum a constr:(k * b) found
  | ?b * ?a => each_sum a constr:(k * b) found
  | ?a / ?b => each_sum a constr:(k / b) found
  | - ?a => each_sum a constr:(- k) found
  end.
Ltac join_this e lo hi g k lo' hi' f := constr_eq lo lo'; constr_eq hi hi';
  let p := eval pattern (Sum lo hi f) in e in
  lazymatch p with ?F _ =>
    let at0 := eval cbv beta in (F 0) in
    let at1 := eval cbv beta in (F 1) in
    apply (join_one lo hi e at0 (at1 - at0) f g);
    [ generalize (Sum lo hi f); intro; rational | cbv beta ]
  end.
Ltac join_more := match goal with
  |- ?e + Sum ?lo ?hi ?g = 0 => each_sum e 1 ltac:(join_this e lo hi g)
  end.
Ltac join := lazymatch goal with |- ?e = 0 =>
    each_sum e 1 ltac:(fun _ lo hi _ => apply (join_start lo hi); join_more; repeat join_more)
  end.

(* A sum of sums goes the other way round: the first whose inner sum is wanted. *)
Ltac turn wanted := lazymatch goal with |- ?e = 0 => each_sum e 1 ltac:(fun _ lo hi f =>
    let parts := under f ltac:(fun i b => each_sum b 1 ltac:(fun k x y h =>
      let p := eval pattern (Sum x y h) in b in
      lazymatch p with ?F _ =>
        let rest := eval cbv beta in (F 0) in
        wanted e lo hi i k x y h; exact (rest, k, x, y, h)
      end)) in
    lazymatch parts with fun i => (@?rest i, @?k i, ?x, ?y, @?h i) =>
      rewrite (Sum_turn lo hi x y f rest k h) by (intros; cbv beta; unfold Rdiv; ring); simplified
    end) end.
(* Where the inner index has a factor of its own, and the outer one has none: it then comes out. *)
Ltac has_own e lo hi i k x y h :=
  lazymatch k with context[i] => fail | _ => idtac end;
  let own := under h ltac:(fun _ b => let r := outer i b in exact r) in
  lazymatch own with fun _ => ?c => fail | _ => idtac end.
(* Where another sum has the range of the inner one. *)
Ltac matches e lo hi i k x y h := each_sum e 1 ltac:(fun _ lo' hi' _ =>
  tryif (constr_eq lo lo'; constr_eq hi hi') then fail else constr_eq x lo'; constr_eq y hi').
Ltac any e lo hi i k x y h := idtac.

(* By whether two words are the same. *)
Ltac cases := match goal with |- context[delta ?a ?b] =>
    let E := fresh in let D := fresh in
    destruct (delta_cases a b) as [[E D]|[E D]]; rewrite ?D, ?(delta_symmetric b a), ?D;
    [ try rewrite E | ]; clear D
  end.

(* Exponentials of equal or opposite numbers are made the same. *)
Ltac align := repeat match goal with |- context[exp ?a] =>
    match goal with |- context[exp ?b] =>
      tryif constr_eq a b then fail else first
        [ replace (exp b) with (exp a) by (f_equal; ring)
        | replace (exp b) with (/ exp a) by (rewrite <- exp_Ropp; f_equal; ring) ]
    end
  end.

(* One delta for each pair of words. *)
Ltac orient := repeat match goal with |- context[delta ?a ?b] =>
    match goal with |- context[delta b a] => rewrite (delta_symmetric b a) end
  end.

Ltac to_zero := lazymatch goal with |- _ = 0 => idtac | |- _ => apply Rminus_diag_uniq end.

Ltac settle depth := orient;
  first
  [ rational
  | lazymatch depth with S ?less => first
      [ lazymatch goal with |- Sum ?lo ?hi _ = Sum ?lo ?hi _ => apply Sum_ext; intros ? ? end;
        solve [settle less]
      | to_zero; turn has_own; repeat turn has_own; solve [settle less]
      | to_zero; do 3 try turn matches; first
          [ rational | join; apply join_end; [intros ? ?; cbv beta |]; solve [settle less] ]
      | cases; simplified; solve [settle less]
      | progress align; solve [settle less]
      ] end ].

(* An equation of values: sums of one range term by term, equal factors left out, then by
   [settle]; logarithms are compared by what they are logarithms of; last, a sum is turned. *)
Ltac equation := first
  [ reflexivity
  | lazymatch goal with |- Sum ?lo ?hi _ = Sum ?lo ?hi _ =>
      apply Sum_ext; intros ? ?; cbv beta; solve [equation] end
  | lazymatch goal with |- - _ = - _ => apply (f_equal Ropp); solve [equation] end
  | lazymatch goal with |- ?c * _ = ?c * _ => apply (f_equal (Rmult c)); solve [equation] end
  | simplified; solve [settle 4%nat]
  | logarithms
  | to_zero; turn any; solve [settle 3%nat] ]
with logarithms := lazymatch goal with |- context[ln] => first
  [ apply exp_inv; simplified; simplified; solve [settle 2%nat]
  | cases; logarithms ] end.

(* By the signs of numbers. *)
Ltac decided := unfold Rmin, Rmax; repeat match goal with |- context[Rle_dec ?a ?b] =>
    destruct (Rle_dec a b); try (exfalso; lra)
  end.
Ltac signs := unfold Rabs; repeat match goal with |- context[Rcase_abs ?a] =>
    destruct (Rcase_abs a); try (exfalso; lra)
  end; decided.

Ltac holds := intros;
  repeat lazymatch goal with |- _ /\ _ => split end;
  intros; unfold has_partial, has_partial2;
  lazymatch goal with
  | |- is_derive _ _ _ => eapply d_value; [differentiate | at_the_point]
  | |- _ = _ => idtac
  | |- _ => eexists; differentiate
  end;
  lazymatch goal with |- _ = _ => subst; cbv beta; signs; first [equation | lra] | |- _ => idtac end.
