(* Finite sums over a range of integers, and Kronecker's delta.

   [Sum lo hi f] is f lo + f (lo + 1) + ... + f hi, and 0 where hi < lo. *)
Require Import Reals ZArith Lra Lia.
Open Scope R_scope.

(* [first n f] is f 0 + ... + f (n - 1). *)
Fixpoint first (n : nat) (f : nat -> R) : R :=
  match n with O => 0 | S m => first m f + f m end.
Definition Sum (lo hi : Z) (f : Z -> R) : R :=
  first (Z.to_nat (hi - lo + 1)) (fun n => f (lo + Z.of_nat n)%Z).

(* The same with integers as values: how many members of a range are of some kind. *)
Fixpoint ifirst (n : nat) (f : nat -> Z) : Z :=
  match n with O => 0 | S m => ifirst m f + f m end%Z.
Definition ISum (lo hi : Z) (f : Z -> Z) : Z :=
  ifirst (Z.to_nat (hi - lo + 1)) (fun n => f (lo + Z.of_nat n)%Z).

Definition delta (a b : Z) : R := if Z.eqb a b then 1 else 0.
Definition idelta (a b : Z) : Z := if Z.eqb a b then 1%Z else 0%Z.

Lemma delta_same a : delta a a = 1.
Proof. unfold delta. now rewrite Z.eqb_refl. Qed.
Lemma delta_equal a b : a = b -> delta a b = 1.
Proof. intros ->. apply delta_same. Qed.
Lemma delta_other a b : a <> b -> delta a b = 0.
Proof. unfold delta. destruct (Z.eqb_spec a b); tauto. Qed.
Lemma delta_symmetric a b : delta a b = delta b a.
Proof. unfold delta. now rewrite Z.eqb_sym. Qed.
Lemma delta_cases a b : a = b /\ delta a b = 1 \/ a <> b /\ delta a b = 0.
Proof. unfold delta. destruct (Z.eqb_spec a b); auto. Qed.

(* What is proved of the first n naturals by induction ... *)
Lemma first_ext n f g : (forall i, (i < n)%nat -> f i = g i) -> first n f = first n g.
Proof. induction n; simpl; intros; auto. rewrite IHn, H; auto. Qed.
Lemma first_plus n f g : first n (fun i => f i + g i) = first n f + first n g.
Proof. induction n; simpl; [ring | rewrite IHn; ring]. Qed.
Lemma first_times n c f : first n (fun i => c * f i) = c * first n f.
Proof. induction n; simpl; [ring | rewrite IHn; ring]. Qed.
Lemma first_zero n f : (forall i, (i < n)%nat -> f i = 0) -> first n f = 0.
Proof. induction n; simpl; intros; auto. rewrite IHn, H; auto; lra. Qed.
Lemma first_delta n f j :
  (j < n)%nat -> first n (fun i => (if Nat.eqb i j then 1 else 0) * f i) = f j.
Proof.
  induction n; simpl; intros; [lia|]. destruct (Nat.eqb_spec n j) as [->|E].
  - rewrite first_zero; [ring|]. intros i Hi. destruct (Nat.eqb_spec i j); [lia|ring].
  - rewrite IHn by lia. ring.
Qed.
Lemma first_nonnegative n f : (forall i, (i < n)%nat -> 0 <= f i) -> 0 <= first n f.
Proof.
  induction n; simpl; intros; [lra|].
  apply Rplus_le_le_0_compat; [apply IHn; intros; apply H | apply H]; lia.
Qed.
Lemma first_positive n f : (0 < n)%nat -> (forall i, (i < n)%nat -> 0 < f i) -> 0 < first n f.
Proof.
  destruct n; simpl; intros; [lia|]. apply Rplus_le_lt_0_compat.
  - apply first_nonnegative. intros. left. apply H0. lia.
  - apply H0. lia.
Qed.
Lemma first_swap n m f :
  first n (fun i => first m (fun j => f i j)) = first m (fun j => first n (fun i => f i j)).
Proof.
  induction n; simpl.
  - symmetry. now apply first_zero.
  - now rewrite IHn, <- first_plus.
Qed.

(* ... holds of the members of a range. *)
Section range.
Variables lo hi : Z.

Lemma Sum_ext f g : (forall i, (lo <= i <= hi)%Z -> f i = g i) -> Sum lo hi f = Sum lo hi g.
Proof. intros. apply first_ext. intros. apply H. lia. Qed.
Lemma Sum_plus f g : Sum lo hi (fun i => f i + g i) = Sum lo hi f + Sum lo hi g.
Proof. apply first_plus. Qed.
Lemma Sum_times c f : Sum lo hi (fun i => c * f i) = c * Sum lo hi f.
Proof. apply (first_times _ c (fun n => f (lo + Z.of_nat n)%Z)). Qed.
Lemma Sum_zero f : (forall i, (lo <= i <= hi)%Z -> f i = 0) -> Sum lo hi f = 0.
Proof. intros. apply first_zero. intros. apply H. lia. Qed.
Lemma Sum_minus f g : Sum lo hi (fun i => f i - g i) = Sum lo hi f - Sum lo hi g.
Proof.
  replace (Sum lo hi f - Sum lo hi g) with (Sum lo hi f + -1 * Sum lo hi g) by ring.
  rewrite <- Sum_times, <- Sum_plus. apply Sum_ext. intros. ring.
Qed.
Lemma Sum_opp f : Sum lo hi (fun i => - f i) = - Sum lo hi f.
Proof.
  replace (- Sum lo hi f) with (-1 * Sum lo hi f) by ring.
  rewrite <- Sum_times. apply Sum_ext. intros. ring.
Qed.
Lemma Sum_nonnegative f : (forall i, (lo <= i <= hi)%Z -> 0 <= f i) -> 0 <= Sum lo hi f.
Proof. intros. apply first_nonnegative. intros. apply H. lia. Qed.
Lemma Sum_positive f :
  (lo <= hi)%Z -> (forall i, (lo <= i <= hi)%Z -> 0 < f i) -> 0 < Sum lo hi f.
Proof. intros. apply first_positive; [lia|]. intros. apply H0. lia. Qed.

Lemma Sum_constant c : (lo <= hi + 1)%Z -> Sum lo hi (fun _ => c) = (IZR hi - IZR lo + 1) * c.
Proof.
  intro. unfold Sum. replace (IZR hi - IZR lo + 1) with (INR (Z.to_nat (hi - lo + 1))).
  - induction (Z.to_nat (hi - lo + 1)); [simpl; ring|].
    rewrite S_INR. simpl first. rewrite IHn. ring.
  - rewrite INR_IZR_INZ, Z2Nat.id, plus_IZR, minus_IZR by lia. reflexivity.
Qed.

(* A sum over a delta picks a member of the range. *)
Lemma Sum_delta f j : (lo <= j <= hi)%Z -> Sum lo hi (fun i => delta i j * f i) = f j.
Proof.
  intros. unfold Sum.
  rewrite (first_ext _ _ (fun n => (if Nat.eqb n (Z.to_nat (j - lo)) then 1 else 0)
                                   * f (lo + Z.of_nat n)%Z)).
  - rewrite first_delta by lia. f_equal. lia.
  - intros. unfold delta. destruct (Z.eqb_spec (lo + Z.of_nat i) j), (Nat.eqb_spec i (Z.to_nat (j - lo)));
      auto; lia.
Qed.
(* Whatever is made of the delta: as it is elsewhere, and at j as it is there. *)
Lemma Sum_picks (F : Z -> R -> R) j : (lo <= j <= hi)%Z ->
  Sum lo hi (fun i => F i (delta i j)) = Sum lo hi (fun i => F i 0) + (F j 1 - F j 0).
Proof.
  intros. rewrite <- (Sum_delta (fun i => F i 1 - F i 0) j), <- Sum_plus by assumption.
  apply Sum_ext. intros. unfold delta. destruct (Z.eqb i j); ring.
Qed.
End range.

(* Sums change places. *)
Lemma Sum_swap a b c d f :
  Sum a b (fun i => Sum c d (fun j => f i j)) = Sum c d (fun j => Sum a b (fun i => f i j)).
Proof. apply (first_swap _ _ (fun n m => f (a + Z.of_nat n)%Z (c + Z.of_nat m)%Z)). Qed.
Lemma Sum_exchange lo hi a b f c g :
  (forall i, (lo <= i <= hi)%Z -> f i = c i * Sum a b (g i)) ->
  Sum lo hi f = Sum a b (fun j => Sum lo hi (fun i => c i * g i j)).
Proof.
  intro H. rewrite (Sum_ext lo hi f (fun i => Sum a b (fun j => c i * g i j))).
  - apply Sum_swap.
  - intros. rewrite H by assumption. symmetry. apply Sum_times.
Qed.
