(* One coordinate changed, partial derivatives, and the rules of calculus on plain reals. *)
Require Import Reals ZArith Lra Lia FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From Certify Require Import Sums.
Open Scope R_scope.

(* A vector and a matrix with the number t in place of one entry. *)
Definition upd (v : Z -> R) (i : Z) (t : R) : Z -> R := fun k => if Z.eqb k i then t else v k.
Definition upd2 (U : Z -> Z -> R) (x i : Z) (t : R) : Z -> Z -> R :=
  fun w => if Z.eqb w x then upd (U w) i t else U w.

(* The derivative of F by the entry i of v exists and is l; that it exists; the derivative. *)
Definition has_partial (F : (Z -> R) -> R) v i l := is_derive (fun t : R => F (upd v i t)) (v i) l.
Definition ex_partial (F : (Z -> R) -> R) v i := ex_derive (fun t : R => F (upd v i t)) (v i).
Definition partial (F : (Z -> R) -> R) v i := Derive (fun t : R => F (upd v i t)) (v i).
Definition has_partial2 (F : (Z -> Z -> R) -> R) U x i l :=
  is_derive (fun t : R => F (upd2 U x i t)) (U x i) l.
Definition ex_partial2 (F : (Z -> Z -> R) -> R) U x i :=
  ex_derive (fun t : R => F (upd2 U x i t)) (U x i).
Definition partial2 (F : (Z -> Z -> R) -> R) U x i := Derive (fun t : R => F (upd2 U x i t)) (U x i).

Lemma upd_same v i : upd v i (v i) = v.
Proof.
  apply functional_extensionality. intro k. unfold upd. destruct (Z.eqb_spec k i); congruence.
Qed.
Lemma upd2_same U x i : upd2 U x i (U x i) = U.
Proof.
  apply functional_extensionality. intro w. unfold upd2.
  destruct (Z.eqb_spec w x) as [->|]; auto using upd_same.
Qed.

Section rules.
Variable t : R.
Implicit Types f g : R -> R.
Implicit Types a b : R.

Lemma d_value f (l l' : R) : is_derive f t l -> l = l' -> is_derive f t l'.
Proof. now intros H <-. Qed.
Lemma d_constant (c : R) : is_derive (fun _ : R => c) t 0.
Proof. auto_derive; auto. Qed.
Lemma d_variable : is_derive (fun s : R => s) t 1.
Proof. auto_derive; auto. Qed.
Lemma d_plus f g a b :
  is_derive f t a -> is_derive g t b -> is_derive (fun s => f s + g s) t (a + b).
Proof. exact (is_derive_plus (V := R_NormedModule) f g t a b). Qed.
Lemma d_minus f g a b :
  is_derive f t a -> is_derive g t b -> is_derive (fun s => f s - g s) t (a - b).
Proof. exact (is_derive_minus (V := R_NormedModule) f g t a b). Qed.
Lemma d_opp f a : is_derive f t a -> is_derive (fun s => - f s) t (- a).
Proof. exact (is_derive_opp (V := R_NormedModule) f t a). Qed.
Lemma d_times f g a b :
  is_derive f t a -> is_derive g t b -> is_derive (fun s => f s * g s) t (a * g t + f t * b).
Proof.
  intros. apply (is_derive_mult (K := R_AbsRing) f g t a b); auto. intros. apply Rmult_comm.
Qed.
Lemma d_over (c : R) f a : is_derive f t a -> is_derive (fun s => f s / c) t (a / c).
Proof.
  intro H. eapply d_value; [exact (d_times f (fun _ => / c) _ _ H (d_constant (/ c)))|].
  unfold Rdiv. ring.
Qed.
Lemma d_inverse g b : g t <> 0 -> is_derive g t b -> is_derive (fun s => / g s) t (- b / (g t * g t)).
Proof.
  intros H Hg. eapply d_value; [apply (is_derive_inv g t b); auto|]. field. auto.
Qed.
Lemma d_quotient f g a b : g t <> 0 -> is_derive f t a -> is_derive g t b ->
  is_derive (fun s => f s / g s) t (a / g t - f t * b / (g t * g t)).
Proof.
  intros H Hf Hg. eapply d_value.
  - exact (d_times f (fun s => / g s) _ _ Hf (d_inverse g b H Hg)).
  - cbv beta. field. auto.
Qed.
Lemma d_inside (g : R -> R) f a b :
  is_derive g (f t) b -> is_derive f t a -> is_derive (fun s => g (f s)) t (b * a).
Proof. intros Hg Hf. rewrite Rmult_comm. exact (is_derive_comp g f t b a Hg Hf). Qed.
Lemma d_exp f a : is_derive f t a -> is_derive (fun s => exp (f s)) t (exp (f t) * a).
Proof. apply d_inside, is_derive_exp. Qed.
Lemma d_ln f a : 0 < f t -> is_derive f t a -> is_derive (fun s => ln (f s)) t (/ f t * a).
Proof. intro H. apply d_inside, is_derive_ln, H. Qed.
Lemma d_square f a : is_derive f t a -> is_derive (fun s => f s ^ 2) t (2 * f t * a).
Proof.
  intro H. apply is_derive_ext with (fun s => f s * f s); [intro s; exact (Rsqr_pow2 (f s))|].
  eapply d_value; [exact (d_times f f a a H H)|]. ring.
Qed.
Lemma d_Sum lo hi (f : Z -> R -> R) (df : Z -> R) :
  (forall i, (lo <= i <= hi)%Z -> is_derive (f i) t (df i)) ->
  is_derive (fun s => Sum lo hi (fun i => f i s)) t (Sum lo hi df).
Proof.
  intro H. unfold Sum.
  assert (forall n, (n <= Z.to_nat (hi - lo + 1))%nat ->
    is_derive (fun s => first n (fun k => f (lo + Z.of_nat k)%Z s)) t
      (first n (fun k => df (lo + Z.of_nat k)%Z))) as A.
  { induction n; simpl; intros; [apply d_constant|].
    apply d_plus; [apply IHn; lia | apply H; lia]. }
  now apply A.
Qed.
Lemma d_upd v j i : is_derive (fun s => upd v j s i) t (delta i j).
Proof. unfold upd, delta. destruct (Z.eqb i j); [apply d_variable | apply d_constant]. Qed.
Lemma d_upd2 U x j w i : is_derive (fun s => upd2 U x j s w i) t (delta w x * delta i j).
Proof.
  unfold upd2. rewrite (Rmult_comm (delta w x)). unfold delta at 2. destruct (Z.eqb w x).
  - rewrite Rmult_1_r. apply d_upd.
  - rewrite Rmult_0_r. apply d_constant.
Qed.
End rules.

(* An arbitrary function of one row of U: its derivative by another row is zero. *)
Lemma d_row (F : (Z -> R) -> R) U x i w :
  (forall v k, ex_partial F v k) ->
  is_derive (fun s => F (upd2 U x i s w)) (U x i) (delta w x * partial F (U w) i).
Proof.
  intro H. unfold upd2, delta. destruct (Z.eqb_spec w x) as [->|].
  - rewrite Rmult_1_l. apply Derive_correct, H.
  - rewrite Rmult_0_l. apply d_constant.
Qed.
