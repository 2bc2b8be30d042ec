# Of what was filed (line,authority,heading,paid) the table to be judged: each line of an entry with each authority, filed or not.
#   awk -f beside.awk filed.csv > lines.csv
BEGIN {
  FS = ","
  count = split("by_china_list by_forced_labour by_older_301 by_fentanyl by_country_order by_reciprocal by_surcharge by_steel by_aluminum by_copper by_metal by_vehicle by_heavy_vehicle by_wood by_chip by_drug by_farm_price by_safeguard by_ordinary", authority, " ")
  for (i = 1; i <= count; i++) known[authority[i]] = 1
  print "id,of,authority,present,under,paid [USD]"
}
FNR == 1 { next }
!($2 in known) { print "line " FNR ": no such authority: " $2 > "/dev/stderr"; exit 1 }
($1, $2) in paid { print "line " FNR ": " $2 " of " $1 " twice" > "/dev/stderr"; exit 1 }
{ if (!($1 in seen)) { seen[$1] = 1; order[++lines] = $1 } heading[$1, $2] = $3; paid[$1, $2] = $4 }
END {
  for (l = 1; l <= lines; l++) for (i = 1; i <= count; i++) {
    of = order[l]; by = authority[i]
    if ((of, by) in paid) print of "/" by "," of "," by ",true," heading[of, by] "," paid[of, by]
    else print of "/" by "," of "," by ",false,,"
  }
}
