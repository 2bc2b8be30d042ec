# The footnotes of the schedule, turned: `see99.csv` has a row for each heading that a line names, and a policy asks for
# the headings of a line. One row for each line and stretch of days; a line has the footnotes of the lines above it, and
# one without any gets an empty row, so that its having none is known.
#   awk -f policies/us/footnotes.awk tariff/see99.csv tariff/units.csv tariff/column1.csv > tariff/footnotes.csv
BEGIN { FS = ","; OFS = ","; days = 0 }
FNR == 1 { file++; next }
$1 ~ /^9[89]/ { next }
file == 1 {
  if ($2 !~ /^9903\.(88\.(0[1-4]|15|69|70)|91\.|90\.0[89])|^9904\./) next
  n++; heading[n] = $2; since[n] = $3; through[n] = $4; at[$1] = at[$1] " " n
  note($3); if ($4 != "") note($4)
}
{ lines[$1] = 1 }
function note(d) { if (!(d in seen)) { seen[d] = 1; days++; day[days] = d } }
function add(list, h) { return index(list, h) ? list : list == "" ? h : list < h ? list ";" h : h ";" list }
END {
  if (days == 0) note("")
  for (i = 2; i <= days; i++) for (j = i; j > 1 && day[j] < day[j - 1]; j--) { t = day[j]; day[j] = day[j - 1]; day[j - 1] = t }
  print "hts", "from", "until", "china", "exclusion", "russia", "agriculture"
  for (l in lines) {
    all = ""
    for (k = 4; k <= length(l); k++) { p = substr(l, 1, k); if (p in at) all = all at[p] }
    m = split(all, ns, " "); was = ""; start = ""
    for (i = 1; i <= days; i++) {
      china = russia = ""; out = farm = "false"; d = day[i]
      for (j = 1; j <= m; j++) {
        r = ns[j]
        if (since[r] > d || (through[r] != "" && through[r] <= d)) continue
        h = heading[r]
        if (h ~ /^9903\.88\.(69|70)/) out = "true"
        else if (h ~ /^9904/) farm = "true"
        else if (h ~ /^9903\.90/) russia = add(russia, h)
        else china = add(china, h)
      }
      now = china OFS out OFS russia OFS farm
      if (i == 1) was = now
      else if (now != was) { print l, start, d, was; start = d; was = now }
    }
    print l, start, "", was
  }
}
